//! Mistakes in feeds.toml: where, what, what instead.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The bytes of the text it is about; None when it is about the whole.
    pub span: Option<Range<usize>>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// Whether a secret stands there, which no report may show.
    pub is_secret: bool,
}

/// Every mistake in a file. Its `Display` is the report for the admin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblems {
    path: PathBuf,
    text: String,
    problems: Vec<Problem>,
}

impl ConfigProblems {
    pub(super) fn new(path: &Path, text: &str, mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| problem.span.as_ref().map_or(0, |span| span.start));
        let mut shown = without_passwords(text);
        for span in problems.iter().filter(|problem| problem.is_secret).filter_map(|problem| problem.span.clone()) {
            if shown.get(span.clone()).is_some() {
                let stars = "*".repeat(span.len());
                shown.replace_range(span, &stars);
            }
        }
        Self { path: path.to_path_buf(), text: shown, problems }
    }

    pub(super) fn unreadable(path: &Path, cause: &std::io::Error) -> Self {
        let help = (cause.kind() == std::io::ErrorKind::NotFound)
            .then(|| "name the file with --config FILE, or see it all work with `newsriver demo`".to_owned());
        Self::new(
            path,
            "",
            vec![Problem {
                span: None,
                message: format!("cannot read {}: {cause}", path.display()),
                help,
                is_secret: false,
            }],
        )
    }

    pub(super) fn not_utf8(path: &Path) -> Self {
        let help = Some("save it as UTF-8".to_owned());
        Self::new(
            path,
            "",
            vec![Problem { span: None, message: format!("{} is not UTF-8", path.display()), help, is_secret: false }],
        )
    }

    pub(super) fn syntax(path: &Path, text: &str, mistake: &toml_edit::TomlError) -> Self {
        let message = format!("this is not TOML: {}", mistake.message().replace('\n', ", "));
        Self::new(path, text, vec![Problem { span: mistake.span(), message, help: None, is_secret: false }])
    }

    /// The mistakes, in the order of the file.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Line and column of a mistake, both counted from 1, the column in characters.
    pub fn place(&self, problem: &Problem) -> Option<(usize, usize)> {
        let start = problem.span.as_ref()?.start;
        let before = self.text.get(..start)?;
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Some((line, column))
    }
}

/// The text with stars in the place of the passwords that stand in addresses, whatever else is wrong there. Its
/// spans stay what they are.
fn without_passwords(text: &str) -> String {
    let mut shown = text.to_owned();
    for (start, _) in text.match_indices("://") {
        let rest = text.get(start + 3..).unwrap_or_default();
        let word = rest.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')).next().unwrap_or_default();
        let user = word.rfind('@').and_then(|end| Some((word.get(..end)?.find(':')? + 1, end)));
        let option = word.find("password=").map(|at| {
            let from = at + "password=".len();
            (from, word.get(from..).and_then(|rest| rest.find('&')).map_or(word.len(), |end| from + end))
        });
        for (from, to) in user.into_iter().chain(option) {
            shown.replace_range(start + 3 + from..start + 3 + to, &"*".repeat(to - from));
        }
    }
    shown
}

impl fmt::Display for ConfigProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let renderer = Renderer::plain().decor_style(DecorStyle::Ascii);
        let path = self.path.display().to_string();
        for (number, problem) in self.problems.iter().enumerate() {
            let title = Level::ERROR.primary_title(problem.message.as_str());
            let mut group = match problem.span.clone().filter(|span| self.text.get(span.clone()).is_some()) {
                Some(span) => title.element(
                    Snippet::source(self.text.as_str())
                        .path(path.as_str())
                        .annotation(AnnotationKind::Primary.span(span)),
                ),
                None => annotate_snippets::Group::with_title(title),
            };
            if let Some(help) = &problem.help {
                group = group.element(Level::HELP.message(help.as_str()));
            }
            let separator = if number == 0 { "" } else { "\n\n" };
            write!(f, "{separator}{}", renderer.render(&[group]))?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigProblems {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_addresses_are_hidden_and_spans_stay() {
        for (text, shown) in [
            ("url = \"postgres://ada:s3/c@ret@db/news\" x", "url = \"postgres://ada:********@db/news\" x"),
            ("'postgres:///n?user=a&password=báo&x=1'", "'postgres:///n?user=a&password=****&x=1'"),
            ("https://a.example/x:y @b", "https://a.example/x:y @b"),
        ] {
            assert_eq!(without_passwords(text), shown);
        }
    }
}
