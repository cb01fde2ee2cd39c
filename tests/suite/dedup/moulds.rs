//! Texts poured into one mould: alike in their words, and never the same article.

use chrono::TimeDelta;

use super::{Piece, noon};

type Mould = (&'static str, &'static str, &'static str);

/// Name of the source, headline and text; `{a}` to `{f}` are filled with numbers, `{n}` with a name.
const NUMBERED: &[Mould] = &[
    (
        "paper",
        "Giá vàng hôm nay",
        "Giá vàng miếng SJC sáng nay được các doanh nghiệp niêm yết ở mức {a},{b} triệu đồng một lượng chiều mua vào và {c},{d} triệu đồng chiều bán ra, tăng {e} nghìn đồng so với phiên trước. Vàng nhẫn tròn trơn giao dịch quanh {f} triệu đồng. Giới phân tích nhận định giá kim loại quý còn biến động theo diễn biến của đồng đô la và lãi suất.",
    ),
    (
        "paper",
        "Dự báo thời tiết Bến Tre",
        "Khu vực tỉnh nhiều mây, ngày nắng gián đoạn, chiều tối có mưa rào và dông vài nơi. Nhiệt độ thấp nhất {a} độ, cao nhất {b} độ, độ ẩm trung bình {c} phần trăm. Gió tây nam cấp {d}. Đỉnh triều trên sông Hàm Luông đạt {e} xăng ti mét lúc {f} giờ.",
    ),
    (
        "paper",
        "Kết quả xổ số miền Nam",
        "Kết quả quay số mở thưởng: giải đặc biệt {a}{b}{c}, giải nhất {d}{e}, giải nhì {f}{a}, giải ba {b}{d} và {c}{e}, giải tư {a}{f}, {b}{f}, {c}{d}. Vé trúng thưởng được lĩnh tại đại lý trong thời hạn ba mươi ngày kể từ ngày mở thưởng. Chúc quý khách may mắn trong các kỳ quay sau.",
    ),
    (
        "paper",
        "Exchange rates",
        "The central bank set the reference rate at {a}.{b} to the dollar on the morning fixing. The euro traded at {c}.{d}, the pound at {e} and the yen at {f} for a hundred. Dealers described the market as quiet, with importers covering their monthly needs and little interest from abroad.",
    ),
    (
        "paper",
        "Match report",
        "The home side won by {a} points to {b} in front of {c} spectators after leading by {d} at the interval. The visitors drew level in minute {e}, but a late free kick in minute {f} settled the matter. Both teams meet again in the return leg next month, when the winners of the group will be decided.",
    ),
    (
        "paper",
        "Weather for the coast",
        "Cloudy with sunny spells and a fresh wind from the west. Highest temperature {a} degrees, lowest {b} at night. Showers are possible towards evening, with up to {c} millimetres of rain. Sea temperature {d} degrees, waves of {e} decimetres, high water at {f} past nine.",
    ),
    (
        "paper",
        "今日の為替",
        "東京外国為替市場の円相場は、正午現在一ドル{a}円{b}銭で取引されている。前日の同じ時刻に比べて{c}銭の円安ドル高となった。ユーロは一ユーロ{d}円{e}銭。市場関係者は輸入企業の決済に伴うドル買いが相場を動かしたとみている。出来高は{f}億ドルだった。",
    ),
    (
        "paper",
        "今日气象",
        "本市今日白天多云间晴，偏南风三到四级，最高气温{a}摄氏度，夜间最低气温{b}摄氏度，空气湿度百分之{c}。预计傍晚局部地区有阵雨，降水量{d}毫米左右。明日气温略有回升，最高可达{e}摄氏度。紫外线指数{f}，出行请注意防晒补水。",
    ),
    (
        "paper",
        "أسعار الذهب اليوم",
        "سجل سعر غرام الذهب من عيار أربعة وعشرين في السوق المحلية صباح اليوم {a} دينارًا للبيع و{b} دينارًا للشراء، فيما بلغ سعر عيار واحد وعشرين {c} دينارًا. وقال تجار إن الطلب ضعيف مع اقتراب نهاية الشهر، وإن سعر الأونصة عالميًا بلغ {d} دولارًا بزيادة {e} دولارات عن أمس وبحجم تداول {f} كيلوغرامًا.",
    ),
    (
        "paper",
        "Курсы валют",
        "Центральный банк установил официальный курс доллара на уровне {a},{b} рубля, курс евро составил {c},{d} рубля. По сравнению с предыдущим днём доллар изменился на {e} копеек. Участники рынка отмечают спокойные торги и невысокий спрос со стороны импортёров, объём сделок составил {f} миллиардов рублей.",
    ),
];

/// The same, with names for `{n}` and `{m}` instead of numbers.
const NAMED: &[Mould] = &[
    (
        "status",
        "Elevated errors on {n}",
        "We are investigating an increased number of failing requests to {n}. Customers in {m} may notice slow answers or time-outs. Our engineers have been called and we will post the next update within the hour. We apologise for the inconvenience.",
    ),
    (
        "paper",
        "Thông báo cúp điện khu vực {n}",
        "Công ty Điện lực thông báo tạm ngừng cung cấp điện tại khu vực {n} và {m} để bảo trì lưới điện, thay trụ và phát quang hành lang an toàn. Kính mong quý khách hàng thông cảm và sắp xếp sinh hoạt, sản xuất phù hợp. Mọi thắc mắc xin liên hệ tổng đài chăm sóc khách hàng.",
    ),
    (
        "paper",
        "In memory of {n}",
        "{n}, a lifelong resident of {m}, died peacefully at home surrounded by family. A service will be held at the chapel of rest, followed by a gathering in the parish hall to which all friends are invited. The family asks for donations to the lifeboats instead of flowers.",
    ),
    (
        "paper",
        "Вакансия: {n}",
        "Предприятие приглашает на постоянную работу сотрудника: {n}. Место работы: {m}. Предлагаем оформление по трудовому кодексу, своевременную выплату заработной платы, спецодежду и обучение на месте. Опыт приветствуется. Обращаться в отдел кадров в рабочие дни.",
    ),
];

const NAMES: &[(&str, &str)] = &[
    ("Mail", "Europe"),
    ("Payments", "Asia"),
    ("Long Phú", "Tân Hiệp"),
    ("Margaret Lowe", "Kelby Cross"),
    ("слесарь", "цех сборки"),
];

fn filled(mould: &Mould, number: u32) -> Piece {
    let fill = |text: &str| {
        let numbers = [23 + number, 51 + 3 * number, 64 + 7 * number, 17 + number, 35 + 2 * number, 8 + 5 * number];
        let filled = ["{a}", "{b}", "{c}", "{d}", "{e}", "{f}"]
            .iter()
            .zip(numbers)
            .fold(text.to_owned(), |t, (k, v)| t.replace(k, &v.to_string()));
        let (name, place) = NAMES[number as usize % NAMES.len()];
        filled.replace("{n}", name).replace("{m}", place)
    };
    let (source, title, text) = mould;
    let address = format!("https://{source}.example/{}-{number}", title.len() * 31 + text.len());
    Piece {
        source,
        native_id: address.clone(),
        url: address,
        canonical_url: None,
        title: fill(title),
        paragraphs: vec![fill(text)],
        summary: None,
        published: noon() - TimeDelta::days(i64::from(number)),
    }
}

/// Pairs from one mould, in one paper on two days and in two papers on one day.
pub(super) fn numbered() -> impl Iterator<Item = (Piece, Piece)> {
    NUMBERED.iter().flat_map(|mould| {
        (0..3).map(move |number| {
            let (one, mut other) = (filled(mould, number), filled(mould, number + 1));
            if number == 2 {
                (other.source, other.published) = ("gazette", one.published);
                other.url = other.url.replace("paper", "gazette");
                other.native_id.clone_from(&other.url);
            }
            (one, other)
        })
    })
}

/// One address under which a new text stands each day.
pub(super) fn rewritten() -> impl Iterator<Item = (Piece, Piece)> {
    NUMBERED.iter().map(|mould| {
        let (one, mut other) = (filled(mould, 2), filled(mould, 1));
        other.url.clone_from(&one.url);
        (one, other)
    })
}

/// The same for those that differ in names.
pub(super) fn named() -> impl Iterator<Item = (Piece, Piece)> {
    NAMED.iter().flat_map(|mould| (0..4).map(move |number| (filled(mould, number), filled(mould, number + 1))))
}
