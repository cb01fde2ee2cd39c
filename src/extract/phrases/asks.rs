//! Lines and captions that want something of their readers.

use std::sync::LazyLock;

use regex::Regex;

use super::lists::LINE_STARTS;
use super::{MAX_LINE, folded, starts_like};

/// Whether a line names nothing but places to share it: `Facebook Twitter WhatsApp`.
pub(super) fn to_share(line: &str) -> bool {
    const NETWORKS: &[&str] = &[
        "facebook",
        "twitter",
        "x",
        "google+",
        "google",
        "whatsapp",
        "telegram",
        "linkedin",
        "pinterest",
        "reddit",
        "email",
        "e-mail",
        "mail",
        "print",
        "line",
        "zalo",
        "viber",
        "messenger",
        "tumblr",
        "instagram",
        "youtube",
        "tiktok",
        "pocket",
        "flipboard",
        "share",
        "tweet",
        "copy",
        "link",
        "vk",
        "weibo",
        "skype",
        "threads",
        "bluesky",
        "mastodon",
        "app",
        "store",
        "play",
    ];
    let words = || line.split([' ', '/', '|', '·', ',']).filter(|word| !word.is_empty());
    words().count() > 1 && words().all(|word| NETWORKS.contains(&word))
}

/// Whether a line says how comments are dealt with.
pub(super) fn for_manners(line: &str) -> bool {
    const PAIRS: &[(&str, &str)] = &[
        ("comment", "moderat"),
        ("comentário", "moder"),
        ("comentario", "moder"),
        ("kommentare", "moder"),
        ("commentaires", "modér"),
        ("комментари", "модер"),
        ("bình luận", "kiểm duyệt"),
        ("bình luận", "có dấu"),
        ("ý kiến", "có dấu"),
    ];
    line.chars().count() <= 200 && PAIRS.iter().any(|(what, how)| line.contains(what) && line.contains(how))
}

/// Where readers are to follow.
const PLACES: &[&str] = &[
    "facebook",
    "twitter",
    "whatsapp",
    "instagram",
    "telegram",
    "youtube",
    "google news",
    "zalo",
    "tiktok",
    "फेसबुक",
    "ट्विटर",
    "व्हाट्सएप",
    "गूगल न्यूज",
    "فيسبوك",
    "تويتر",
    "واتساب",
    "تيليجرام",
    "تليغرام",
    "أخبار جوجل",
    "جوجل نيوز",
    "تلگرام",
    "微信",
    "公众号",
    "微博",
    "카카오톡",
    "telegram-канал",
];

/// Whether a folded line asks its readers to follow the site elsewhere.
pub(super) fn to_follow(line: &str) -> bool {
    const ASKS: &[&str] = &[
        "follow",
        "compartilhe",
        "participe",
        "compartir en",
        "compártelo",
        "partager sur",
        "teilen auf",
        "share",
        "join us",
        "bizi",
        "tham gia",
        "chia sẻ",
        "theo dõi",
        "फॉलो",
        "फ़ॉलो",
        "síguenos",
        "siga o",
        "siga a",
        "siga-nos",
        "suivez",
        "folgen sie",
        "seguici",
        "takip ed",
        "ikuti",
        "obserwuj",
        "ακολουθ",
        "подпи",
        "تابع",
        "دنبال کنید",
        "volg ons",
        "팔로우",
        "关注",
        "欢迎关注",
        "підпи",
        "ติดตาม",
        "приєдну",
        "kövess",
        "sledujte",
        "urmărește",
        "följ ",
        "følg ",
    ];
    line.chars().count() <= 160
        && ASKS.iter().any(|ask| line.starts_with(ask) || line.ends_with(ask) || ends_with_ask(line, ask))
        && PLACES.iter().any(|place| line.contains(place))
}

/// Whether a folded line, which may be of several sentences, asks its readers to follow a channel.
pub(super) fn to_follow_channel(line: &str) -> bool {
    const CHANNELS: [&str; 5] =
        ["whatsapp channel", "channel whatsapp", "saluran whatsapp", "telegram channel", "channel telegram"];
    const ASKS: [&str; 6] = ["simak ", "dapatkan ", "ikuti ", "follow ", "join ", "get "];
    line.chars().count() <= 300
        && CHANNELS.iter().any(|channel| line.contains(channel))
        && ASKS.iter().any(|ask| line.starts_with(ask))
}

/// Whether what stands on a button calls its readers to subscribe, join or give.
pub(crate) fn is_call(text: &str) -> bool {
    const CALLS: &[&str] = &[
        "sign up",
        "sign me up",
        "subscribe",
        "join",
        "register",
        "download the app",
        "app store",
        "google play",
        "donate",
        "become a member",
        "đăng ký",
        "abonnieren",
        "anmelden",
        "jetzt anmelden",
        "s'inscrire",
        "je m'inscris",
        "s'abonner",
        "je m'abonne",
        "suscríbete",
        "suscribirse",
        "inscreva-se",
        "assine",
        "iscriviti",
        "abbonati",
        "подписаться",
        "підписатися",
        "feliratkozom",
        "prenumerera",
        "bli prenumerant",
        "logga in",
        "bestill abonnement",
        "bliv abonnent",
        "tilaa",
        "zapisz się",
        "odebírat",
        "abone ol",
        "daftar",
        "langganan",
        "اشترك",
        "登録",
        "登録する",
        "订阅",
        "訂閱",
        "구독",
        "구독하기",
        "สมัคร",
    ];
    let call = folded(text);
    let call = call.trim_end_matches([' ', '→', '›', '»']).trim_end_matches(" now").trim_end_matches(" here");
    CALLS.contains(&call.trim_end_matches(" today").trim_end_matches(" for free"))
}

/// Whether a phrase stands among the last words of a line.
fn ends_with_ask(line: &str, ask: &str) -> bool {
    line.rfind(ask).is_some_and(|at| line.get(at..).is_some_and(|rest| rest.chars().count() <= 20))
}

/// What asks readers to write: `Do you have a story? E-mail …`, `Tell us what you think`.
static ASKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?:
        (?:do|are|have|did|were)\ you\ [^?]{3,120}\?\ (?:please\ |then\ )?(?:e-?mail|call|contact|write\ to|message|get\ in\ touch|tell\ us|let\ us\ know|send\ us|share\ your)\b.{0,120}
        |(?:tell\ us|let\ us\ know)\ (?:what|how|if|your|about|in)\b.{0,80}\b(?:think|thoughts|views?|opinions?|comments?|below|story|stories)\b.{0,40}
        |(?:have\ your\ say|share\ your\ (?:thoughts|views?|opinions?|stor(?:y|ies)))\b.{0,80}
        |want\ (?:more|to)\ [^?]{2,80}\?\ .{0,80}\b(?:subscri|sign\ up|newsletter|download|join\ us|order|buy).{0,120}
        )$",
    )
    .ok()
});

/// Whether a folded line asks its readers to write.
pub(super) fn to_write(line: &str) -> bool {
    ASKS.as_ref().is_some_and(|asks| asks.is_match(line))
}

/// What stands beside a code that is to be scanned.
const SCANS: [&str; 8] = ["扫一扫", "扫码", "扫描二维码", "长按识别", "掃描", "quét mã", "scan the qr", "scan this qr"];

/// Whether a caption says nothing of its picture, but wants something sold, read or written.
pub(crate) fn advertises(caption: &str) -> bool {
    static OFFERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?x)\b(?:get|take\ out|start|buy|order|claim)\ (?:a|an|your|our|my)\ (?:[a-z0-9-]+\ ){0,3}(?:subscription|copy|trial|tickets?)\b
            |\bsubscri(?:be|ption)s?\b.{0,60}\b(?:now|today|here|publication|magazine|newsletter)\b
            |\bsister\ (?:publication|magazine|site|title)\b
            |\b(?:tell\ us|let\ us\ know|what\ do\ you\ think|have\ your\ say)\b.{0,120}\bcomments?\b",
        )
        .ok()
    });
    let line = folded(caption);
    let offers = || OFFERS.as_ref().is_some_and(|offers| offers.is_match(&line));
    let asks = || to_write(&line) || to_follow(&line) || SCANS.iter().any(|scan| line.starts_with(scan));
    caption.len() <= MAX_LINE && (offers() || asks() || starts_like(&line, &LINE_STARTS) && !is_credit(&line))
}

/// Beginnings of lines that are no part of a text, but may be of a caption.
fn is_credit(line: &str) -> bool {
    ["image ", "photo ", "copyright", "© ", "all rights"].iter().any(|start| line.starts_with(start))
}
