//! What is remembered of a picture by its address.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Mirrored, Validators};

/// A picture was looked at as often as it will be when it is known for so long.
const SETTLED: TimeDelta = TimeDelta::days(30);
/// One that could not be asked for is asked for again after this at first.
const AT_ONCE: TimeDelta = TimeDelta::hours(1);
/// What is no picture yet is looked at again after this at first.
const SOON: TimeDelta = TimeDelta::hours(12);
/// A picture is looked at again after this at first.
const LATER: TimeDelta = TimeDelta::hours(24);

/// What was learnt of a picture by looking at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureFacts {
    /// What it is.
    #[serde(flatten)]
    pub look: Look,
    /// When it was last looked at.
    pub learnt: DateTime<Utc>,
    /// When it was first heard of; None for those that an older version learnt of.
    #[serde(default)]
    pub known_since: Option<DateTime<Utc>>,
    /// When it is to be looked at again.
    #[serde(default)]
    pub due: Option<DateTime<Utc>>,
    /// The page it stands on.
    #[serde(default)]
    pub page: Option<Url>,
    /// To ask with again.
    #[serde(default)]
    pub validators: Validators,
    /// Whether its http address works with https too.
    #[serde(default)]
    pub is_secure: bool,
    /// The media type that its server states, where the bytes say another.
    #[serde(default)]
    pub stated_type: Option<String>,
    /// Whether a copy is kept.
    #[serde(default)]
    pub mirroring: Mirroring,
}

/// What a picture turned out to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Look {
    /// A picture.
    Picture {
        /// Media type by its bytes.
        mime_type: String,
        /// Length in bytes; None when the server does not tell.
        length: Option<u64>,
        /// Width in pixels, as shown.
        width: u32,
        /// Height in pixels, as shown.
        height: u32,
    },
    /// It is gone, no picture, or refused to us.
    Unusable {
        /// In words.
        why: String,
    },
    /// There was no time yet to look.
    Waiting {},
}

/// Whether a copy of a picture is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mirroring {
    /// Nobody asked for one.
    #[default]
    Unasked,
    /// It cannot be: in words.
    Refused(String),
    /// It is.
    Kept(Mirrored),
}

impl PictureFacts {
    /// One that nobody has looked at yet; it is due at once.
    pub fn waiting(page: Option<Url>, now: DateTime<Utc>) -> Self {
        Self {
            look: Look::Waiting {},
            learnt: now,
            known_since: Some(now),
            due: Some(now),
            page,
            validators: Validators::default(),
            is_secure: false,
            stated_type: None,
            mirroring: Mirroring::Unasked,
        }
    }

    /// The copy that is kept of it.
    pub fn mirrored(&self) -> Option<&Mirrored> {
        match &self.mirroring {
            Mirroring::Kept(mirrored) => Some(mirrored),
            _ => None,
        }
    }

    /// Whether a reader sees a difference between the two.
    pub fn shows_as(&self, other: &Self) -> bool {
        self.look == other.look && self.is_secure == other.is_secure && self.mirroring == other.mirroring
    }

    /// Sets when it is looked at again: after as long as it is known, so ever more rarely, and no more
    /// when it is old. `failed` is one that could not be asked for this time.
    pub fn schedule(&mut self, failed: bool, now: DateTime<Utc>) {
        let age = now - *self.known_since.get_or_insert(self.learnt);
        let least = match self.look {
            _ if failed => AT_ONCE,
            Look::Picture { .. } => LATER,
            _ => SOON,
        };
        self.due = (age < SETTLED).then(|| now + age.max(least));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_looked_at_ever_more_rarely() {
        let start: DateTime<Utc> = "2026-03-01T00:00:00Z".parse().unwrap();
        let mut facts = PictureFacts::waiting(None, start);
        facts.look = Look::Unusable { why: "gone".into() };
        let (mut now, mut looks) = (start, 0);
        facts.schedule(false, now);
        while let Some(due) = facts.due {
            assert!(due > now);
            (now, looks) = (due, looks + 1);
            facts.schedule(false, now);
        }
        assert!((5..10).contains(&looks), "{looks}");
        assert!(now - start > SETTLED);
    }

    #[test]
    fn facts_of_an_older_version_are_understood() {
        let old = r#"{"mime_type":"image/png","length":9,"width":3,"height":4,"learnt":"2026-03-01T00:00:00Z"}"#;
        let facts: PictureFacts = serde_json::from_str(old).unwrap();
        assert!(matches!(facts.look, Look::Picture { width: 3, height: 4, .. }));
        let old = r#"{"why":"gone","learnt":"2026-03-01T00:00:00Z"}"#;
        let facts: PictureFacts = serde_json::from_str(old).unwrap();
        assert_eq!(facts.look, Look::Unusable { why: "gone".into() });
        let waiting = PictureFacts::waiting(None, facts.learnt);
        let text = serde_json::to_string(&waiting).unwrap();
        assert_eq!(serde_json::from_str::<PictureFacts>(&text).unwrap(), waiting);
    }
}
