//! The labelled set: articles written for it, and what becomes of them elsewhere.

use chrono::TimeDelta;

use super::edits::{beginning, corrected, renumbered, respelled, twin, without_first_sentence};
use super::{Pair, Piece, moulds, noon};

/// An article as it was written.
#[derive(Debug, Clone)]
pub(super) struct Story {
    language: usize,
    number: usize,
    title: String,
    paragraphs: Vec<String>,
}

const TEXTS: [&str; 6] = [
    include_str!("../../quality/stories/vi.txt"),
    include_str!("../../quality/stories/en.txt"),
    include_str!("../../quality/stories/ja.txt"),
    include_str!("../../quality/stories/zh.txt"),
    include_str!("../../quality/stories/ar.txt"),
    include_str!("../../quality/stories/ru.txt"),
];

/// Other reports of events in [`TEXTS`], each with the language and the number of the story there.
const REPORTS: &str = include_str!("../../quality/stories/reports.txt");
const REPORTED: [(usize, usize); 8] = [(0, 0), (0, 3), (1, 0), (1, 4), (2, 0), (3, 0), (4, 0), (5, 3)];

/// Headlines of another desk, first sentences of its own, and lines behind its articles; per language.
const HEADLINES: [&str; 6] = [
    "Chuyện ít người biết ở một vùng quê",
    "What happened next surprised a whole county",
    "地方からの便り、静かな変化",
    "小地方的大变化引来关注",
    "حكاية من الأطراف تثير الإعجاب",
    "История, о которой говорит вся область",
];
const OPENINGS: [&str; 6] = [
    "Thông tin từ cơ sở cho biết, câu chuyện dưới đây đang được nhiều bạn đọc ở miền sông nước quan tâm và chia sẻ rộng rãi.",
    "Readers of this newspaper have followed the matter closely, and our correspondent in the region sent the following account yesterday evening.",
    "地元の話題を集めた本紙の特集から、読者の反響が大きかった記事を改めて紹介する。",
    "本报记者近日走访基层，带回了这样一则令人感慨的消息，以下是详细内容。",
    "أفاد مراسل الصحيفة في المنطقة بأن الخبر التالي لقي اهتمامًا واسعًا بين القراء خلال الأيام الماضية.",
    "Корреспондент нашей газеты передаёт из района подробности события, которое обсуждают все местные жители.",
];
const ENDINGS: [&str; 6] = [
    "Theo Thông tấn xã. Mời bạn đọc gửi tin về tòa soạn.",
    "Reporting by the agency; editing by our night desk.",
    "（共同取材班）ご意見は編集部まで。",
    "（来源：通讯社）责任编辑：李明",
    "المصدر: وكالات. للتواصل مع هيئة التحرير.",
    "По материалам агентства. Пишите в редакцию.",
];
const STANDING: [&str; 6] = ["Tin vắn", "Morning briefing", "今日のニュース", "新闻速递", "موجز الأخبار", "Коротко"];
const COMMENTS: [[&str; 2]; 6] = [
    [
        "Bài này làm tôi nhớ quê ngoại quá, hồi nhỏ mỗi lần về thăm phải đi từ tờ mờ sáng. Ai chưa đọc thì nên đọc, giọng văn mộc mạc mà thấm thía vô cùng.",
        "Tôi không đồng ý với cách đặt vấn đề của tác giả. Số liệu đưa ra thiếu nguồn, phần kết luận hơi vội vàng, cần có thêm ý kiến của chuyên gia độc lập.",
    ],
    [
        "I have been saying for years that small places do this sort of thing better than capitals, and here is the proof. Read it slowly, with tea, then forward it to your local representative.",
        "A charming piece that skips the awkward question of money entirely. Who pays when the novelty wears off? I rang a friend in the treasury and she laughed for a solid minute.",
    ],
    [
        "こういう記事をもっと読みたい。都会に住んでいると忘れてしまう大切なことを思い出させてくれる。週末に実家へ電話してみようと思った。",
        "良い話で終わらせてはいけないと思う。費用の負担や将来の維持について、もう少し踏み込んだ取材が必要ではないだろうか。",
    ],
    [
        "看完这篇报道心里暖洋洋的，想起小时候外婆家门前的那条小路。推荐大家都去读一读，文字朴素却很有力量。",
        "报道写得不错，不过我更关心后续的维护经费从哪里来。很多类似的项目开头热闹，过几年就没人管了，希望这次不一样。",
    ],
    [
        "قرأت المقال مرتين وأعادني إلى أيام الطفولة في بيت جدي. أنصح الجميع بقراءته ومشاركته مع الأصدقاء فهو يستحق كل هذا الاهتمام.",
        "لا أتفق مع الكاتب في كل ما ذهب إليه، فالأرقام تحتاج إلى تدقيق والمشكلة أعقد بكثير مما يبدو في هذا العرض المختصر.",
    ],
    [
        "Прочитал на одном дыхании и вспомнил бабушкин дом. Таких заметок очень не хватает в больших изданиях, сохраните ссылку и покажите детям.",
        "Красиво написано, но я бы спросил, кто будет платить за всё это через несколько лет. Опыт подсказывает, что энтузиазм быстро кончается.",
    ],
];

fn parse(text: &str, language: usize) -> Vec<Story> {
    let story = |(number, part): (usize, &str)| {
        let mut lines = part.trim().lines().map(str::to_owned);
        Story { language, number, title: lines.next().unwrap(), paragraphs: lines.collect() }
    };
    text.split("====\n").enumerate().map(story).collect()
}

/// All articles, in six languages.
pub(super) fn stories() -> Vec<Story> {
    TEXTS.iter().enumerate().flat_map(|(language, text)| parse(text, language)).collect()
}

impl Story {
    fn path(&self) -> String {
        format!("2024/05/{}-{}", self.language, self.number)
    }

    /// The article in one of the papers, each of which has a host and ids of its own.
    pub(super) fn piece(&self, source: &'static str) -> Piece {
        let address = format!("https://{source}.example/{}", self.path());
        Piece {
            source,
            native_id: address.clone(),
            url: address,
            canonical_url: None,
            title: self.title.clone(),
            paragraphs: self.paragraphs.clone(),
            summary: None,
            published: noon() + TimeDelta::hours(self.number as i64),
        }
    }

    fn changed(&self, source: &'static str, change: impl FnOnce(&mut Piece)) -> Piece {
        let mut piece = self.piece(source);
        change(&mut piece);
        piece
    }

    fn text(&self, which: usize) -> &String {
        &self.paragraphs[which]
    }
}

/// The whole set.
pub(super) fn all() -> Vec<Pair> {
    let stories = stories();
    let mut pairs = Vec::new();
    for story in &stories {
        pairs.extend(copies(story));
        pairs.extend(reprints(story));
        pairs.extend(lookalikes(story));
        let next = stories.iter().find(|next| next.language == story.language && next.number == story.number + 1);
        pairs.extend(next.into_iter().flat_map(|next| neighbours(story, next)));
    }
    let reports = parse(REPORTS, 0);
    for ((language, number), report) in REPORTED.into_iter().zip(&reports) {
        let story = stories.iter().find(|story| (story.language, story.number) == (language, number)).unwrap();
        let report = Story { language, number: number + 100, ..report.clone() };
        pairs.push(different("two reports of one event", story.piece("paper"), report.piece("gazette")));
        let one_title = report.changed("gazette", |p| p.title.clone_from(&story.title));
        pairs.push(different("two reports under one headline", story.piece("paper"), one_title));
    }
    pairs.extend(moulds::numbered().map(|(one, other)| different("one mould, other numbers", one, other)));
    pairs.extend(moulds::rewritten().map(|(one, other)| different("one address, rewritten daily", one, other)));
    pairs.extend(moulds::named().map(|(one, other)| different("one mould, other names", one, other)));
    pairs
}

fn same(case: &'static str, one: Piece, other: Piece) -> Pair {
    Pair { case, same: true, one, other }
}

fn different(case: &'static str, one: Piece, other: Piece) -> Pair {
    Pair { case, same: false, one, other }
}

/// The article again, by its address, its id or its text.
fn copies(story: &Story) -> Vec<Pair> {
    let paper = story.piece("paper");
    let at_home = |p: &mut Piece| p.url = format!("https://tin.example/{}", story.path());
    let shorten = |p: &mut Piece| p.paragraphs = vec![beginning(story.text(0), 22)];
    let mut pairs: Vec<Pair> = (0..3)
        .map(|turn| {
            let twin = story.changed("gazette", |p| {
                p.url = twin(&story.path(), story.number + story.language + turn * 6);
                p.native_id = format!("{}", story.number);
                shorten(p);
            });
            same("address of the same page", story.changed("paper", at_home), twin)
        })
        .collect();
    let section = story.changed("gazette", |p| {
        (p.native_id, p.url) = (paper.native_id.clone(), format!("https://paper.example/section/{}", story.number));
        p.published += TimeDelta::days(1);
    });
    pairs.push(same("the same id in two feeds", paper.clone(), section));
    let brief = |words, source| story.changed(source, |p| p.paragraphs = vec![beginning(story.text(0), words)]);
    let moved = format!("https://paper.example/moved/{}", story.number);
    let renamed = Piece { url: moved, native_id: "moved".into(), ..brief(15, "paper") };
    pairs.push(same("a short item at a new address", brief(15, "paper"), renamed));
    pairs.push(same("a few words here, full text there", paper.clone(), brief(9, "gazette")));
    let named = story.changed("gazette", |p| {
        (p.canonical_url, p.title) = (Some(paper.url.clone()), HEADLINES[story.language].to_owned());
    });
    pairs.push(same("canonical link", paper.clone(), named));
    let relaunched = story.changed("paper", |p| {
        p.url = format!("https://paper.example/new/{}", story.number);
        p.native_id.clone_from(&p.url);
        p.published += TimeDelta::days(200);
    });
    pairs.push(same("new address and date after a relaunch", paper.clone(), relaunched));
    let retitled = story.changed("paper", |p| {
        p.title = format!("{} {}", HEADLINES[story.language], story.title);
        p.native_id = format!("{}-changed", p.native_id);
    });
    pairs.push(same("new id and headline at one address", paper.clone(), retitled));
    let grown = story.changed("paper", |p| {
        p.native_id = "x".into();
        p.paragraphs.insert(1, COMMENTS[story.language].join(" "));
        p.paragraphs.insert(0, OPENINGS[story.language].to_owned());
    });
    pairs.push(same("a live article that grew", paper.clone(), grown));
    let summary = story.changed("gazette", |p| {
        shorten(p);
        p.published += TimeDelta::hours(3);
    });
    pairs.push(same("summary here, full text there", paper, summary));
    pairs
}

/// The article in another paper, by its text.
fn reprints(story: &Story) -> Vec<Pair> {
    let paper = story.piece("paper");
    let language = story.language;
    let brief = |source| story.changed(source, |p| p.paragraphs.truncate(1));
    let renamed = Piece { title: HEADLINES[language].to_owned(), ..brief("gazette") };
    let reprint =
        |case, change: &dyn Fn(&mut Piece)| same(case, paper.clone(), story.changed("gazette", |p| change(p)));
    let headline = |p: &mut Piece| p.title = HEADLINES[language].into();
    vec![
        same("a brief under another headline", brief("paper"), renamed),
        reprint("word by word", &|p| p.published += TimeDelta::days(2)),
        reprint("other headline", &|p| headline(p)),
        reprint("other headline and first sentence", &|p| {
            headline(p);
            let rest = without_first_sentence(&p.paragraphs[0]);
            p.paragraphs[0] = format!("{} {rest}", OPENINGS[language]);
        }),
        reprint("other headline, opening and ending", &|p| {
            headline(p);
            p.paragraphs.insert(0, OPENINGS[language].to_owned());
            p.paragraphs.push(ENDINGS[language].to_owned());
        }),
        reprint("captions between the paragraphs", &|p| {
            let caption = |text: &String| vec![text.clone(), beginning(HEADLINES[language], 5)];
            p.paragraphs = p.paragraphs.iter().flat_map(caption).collect();
        }),
        reprint("cut off, with an invitation to read on", &|p| {
            let start: String = p.paragraphs.join(" ");
            p.paragraphs = vec![beginning(&start, 90), ENDINGS[language].to_owned()];
        }),
        reprint("other headline, first sentence, and a few corrections", &|p| {
            headline(p);
            p.paragraphs[0] = OPENINGS[language].into();
            p.paragraphs[1] = corrected(&p.paragraphs[1], 40);
            p.paragraphs[2] = corrected(&p.paragraphs[2], 40);
        }),
        reprint("only the first half", &|p| p.paragraphs.truncate(2)),
        reprint("only the first half, other headline", &|p| {
            headline(p);
            p.paragraphs.truncate(2);
        }),
        reprint("other spelling", &|p| {
            p.title = respelled(&p.title);
            p.paragraphs = p.paragraphs.iter().map(|text| respelled(text)).collect();
        }),
        reprint("corrected here and there", &|p| {
            p.paragraphs = p.paragraphs.iter().map(|text| corrected(text, 45)).collect();
        }),
        reprint("headline made catchier, text corrected", &|p| {
            p.title = format!("{}: {}", HEADLINES[language], beginning(&p.title, 4));
            p.paragraphs[1] = corrected(&p.paragraphs[1], 30);
        }),
    ]
}

/// What looks like the article and is another.
fn lookalikes(story: &Story) -> Vec<Pair> {
    let paper = story.piece("paper");
    let language = story.language;
    let linked = |source: &'static str, which: usize, title: &str| {
        story.changed(source, |p| {
            p.native_id = format!("https://{source}.example/post/{}", story.number);
            p.url = format!("https://tin.example/{}", story.path());
            title.clone_into(&mut p.title);
            p.paragraphs = vec![COMMENTS[language][which].to_owned()];
        })
    };
    let numbers = |all: bool, paragraphs: usize| {
        story.changed("gazette", |p| {
            p.paragraphs = p.paragraphs.iter().take(paragraphs).map(|text| renumbered(text, all)).collect();
        })
    };
    let part = |number: usize| {
        story.changed("paper", |p| {
            p.title = format!("{} ({number})", story.title);
            p.native_id = format!("https://paper.example/{}/{number}", story.path());
            p.url.clone_from(&p.native_id);
            p.paragraphs = vec![story.text(0).clone(), story.text(number).clone()];
        })
    };
    let teaser = |number: usize| Piece { paragraphs: vec![story.text(0).clone()], ..part(number) };
    let changed_first = story.changed("gazette", |p| {
        p.paragraphs.truncate(1);
        p.paragraphs[0] = renumbered(&p.paragraphs[0], false);
    });
    let mut pairs = vec![
        different("two comments on one page", linked("blog-a", 0, "Đọc / Read"), linked("blog-b", 1, &story.title)),
        different(
            "two comments under the page's headline",
            linked("blog-a", 0, &story.title),
            linked("blog-b", 1, &story.title),
        ),
        different(
            "a comment on the article",
            story.changed("paper", |p| p.url = format!("https://tin.example/{}", story.path())),
            linked("blog-a", 0, &story.title),
        ),
        different("all numbers are others", paper.clone(), numbers(true, 9)),
        different("part one and part two", part(1), part(2)),
        different("one teaser for two parts", teaser(1), teaser(2)),
    ];
    let one_number = story.changed("gazette", |p| {
        let place = p.paragraphs.iter().position(|text| text.contains(|c: char| c.is_ascii_digit())).unwrap();
        p.paragraphs[place] = renumbered(&p.paragraphs[place], false);
    });
    pairs.push(different("one other number", paper.clone(), one_number));
    if story.text(0).chars().any(|c| c.is_ascii_digit()) {
        let brief = story.changed("paper", |p| p.paragraphs.truncate(1));
        pairs.push(different("a short text with one other number", brief, changed_first));
    }
    pairs
}

/// Two articles of one language.
fn neighbours(story: &Story, next: &Story) -> Vec<Pair> {
    let language = story.language;
    let standing =
        |story: &Story, source: &'static str| story.changed(source, |p| STANDING[language].clone_into(&mut p.title));
    let brief = |story: &Story, source: &'static str| {
        story.changed(source, |p| {
            STANDING[language].clone_into(&mut p.title);
            p.paragraphs.truncate(1);
        })
    };
    let at_section = |story: &Story| story.changed("paper", |p| "https://paper.example/news".clone_into(&mut p.url));
    let notice = |story: &Story| {
        story.changed("paper", |p| p.paragraphs = vec![format!("{} {}", OPENINGS[language], ENDINGS[language])])
    };
    let quoting = next.changed("gazette", |p| p.paragraphs.insert(2, story.text(1).clone()));
    let digest = next.changed("paper", |p| {
        STANDING[language].clone_into(&mut p.title);
        p.paragraphs = vec![
            next.text(0).clone(),
            story.text(0).clone(),
            next.text(1).clone(),
            next.text(2).clone(),
            next.text(3).clone(),
        ];
    });
    vec![
        different("two articles", story.piece("paper"), next.piece("gazette")),
        different("one standing headline in two papers", standing(story, "paper"), standing(next, "gazette")),
        different("one standing headline in one paper", brief(story, "paper"), brief(next, "paper")),
        different("one address for all articles", at_section(story), at_section(next)),
        different("one notice instead of the text", notice(story), notice(next)),
        different("an article that quotes another", story.piece("paper"), quoting),
        different("a digest that holds a brief", story.changed("gazette", |p| p.paragraphs.truncate(1)), digest),
    ]
}
