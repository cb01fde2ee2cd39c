//! Pictures in AVIF get their JPEG form from a process of their own, and whatever becomes of that hurts nothing.
//! Processes are looked at through /proc.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::mirror::{attachments, path, plainer, publish, start};
use super::service::command;
use super::{Reply, Service, Site};

/// Four quarters, 48 × 32: red and green above blue and white.
const QUARTERS: &[u8] = include_bytes!("../../fixtures/pictures/quarters.avif");
/// The same, 1200 × 900.
const LARGE: &[u8] = include_bytes!("../../fixtures/pictures/large.avif");
/// The quarters with a mask.
const CLEAR: &[u8] = include_bytes!("../../fixtures/pictures/clear.avif");
/// The quarters in ten bits.
const DEEP: &[u8] = include_bytes!("../../fixtures/pictures/deep.avif");
/// The quarters, to be mirrored.
const MIRRORED: &[u8] = include_bytes!("../../fixtures/pictures/mirrored.avif");
/// 36 megapixels in one colour: turned, but not in a moment.
const MOST: &[u8] = include_bytes!("../../fixtures/pictures/most.avif");
/// 48 megapixels in one colour.
const VAST: &[u8] = include_bytes!("../../fixtures/pictures/vast.avif");

const AVIF: &str = "image/avif";

/// The same picture in other bytes.
fn varied(picture: &[u8]) -> Vec<u8> {
    [picture, b"\0\0\0\x08free"].concat()
}

/// What comes of a picture in a process as the service starts it.
fn turned(picture: &[u8]) -> Output {
    let mut child = command(Path::new("/"))
        .arg("avif-to-jpeg")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // One that ends early reads no more.
    let _ = child.stdin.take().unwrap().write_all(picture);
    child.wait_with_output().unwrap()
}

/// The colours in the middle of the four quarters, in tenths of full strength.
fn quarters(jpeg: &[u8]) -> Vec<[u8; 3]> {
    let size = imagesize::blob_size(jpeg).unwrap();
    let cursor = zune_jpeg::zune_core::bytestream::ZCursor::new(jpeg);
    let raster = zune_jpeg::JpegDecoder::new(cursor).decode().unwrap();
    assert_eq!(raster.len(), size.width * size.height * 3);
    let (pixels, _) = raster.as_chunks::<3>();
    [(1, 1), (3, 1), (1, 3), (3, 3)]
        .map(|(x, y)| pixels[size.height * y / 4 * size.width + size.width * x / 4].map(|colour| colour / 25))
        .to_vec()
}

const COLOURED: [[u8; 3]; 4] = [[10, 0, 0], [0, 10, 0], [0, 0, 10], [10, 10, 10]];

/// The processes that a process started and that are not gone.
fn children(id: u32) -> Vec<u32> {
    let processes =
        std::fs::read_dir("/proc").unwrap().filter_map(|entry| entry.unwrap().file_name().into_string().ok());
    processes
        .filter_map(|name| {
            let stat = std::fs::read_to_string(format!("/proc/{name}/stat")).ok()?;
            let mut rest = stat.rsplit_once(") ")?.1.split(' ');
            let (state, parent) = (rest.next()?, rest.next()?);
            (state != "Z" && parent == id.to_string()).then(|| name.parse().ok())?
        })
        .collect()
}

fn is_there(id: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{id}/stat"))
        .is_ok_and(|stat| !stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('Z')))
}

fn signal(id: u32, name: &str) {
    assert!(Command::new("kill").args(["-s", name, &id.to_string()]).status().unwrap().success());
}

#[test]
fn colours_are_right_and_each_picture_has_its_process() {
    let site = Site::start();
    let pictures = [("/a.avif", LARGE.to_vec()), ("/b.avif", varied(LARGE)), ("/c.avif", QUARTERS.to_vec())];
    for (path, bytes) in &pictures {
        site.put(path, Reply::new(AVIF, bytes.clone()));
    }
    publish(&site, &pictures.each_ref().map(|(path, _)| *path));
    let service = start(&site, "");
    let files = attachments(&service);
    assert_eq!(files.len(), 3);
    for file in &files {
        assert_eq!(quarters(&plainer(&service, file, AVIF)), COLOURED);
    }
    assert_eq!(children(service.id()), [0; 0]);
}

#[test]
fn what_cannot_be_turned_is_served_as_it_is_and_not_tried_again() {
    let mut damaged = LARGE.to_vec();
    let frame = damaged.windows(4).position(|name| name == b"mdat").unwrap() + 24;
    damaged[frame..].fill(0x5a);
    // It says that it is small where it is looked at first.
    let mut lying = VAST.to_vec();
    let size = lying.windows(4).position(|name| name == b"ispe").unwrap() + 8;
    lying[size..size + 8].copy_from_slice(&[0, 0, 3, 0, 0, 0, 2, 0]);
    let pictures = [
        ("/damaged.avif", damaged, "the AVIF"),
        ("/vast.avif", VAST.to_vec(), "48 million pixels"),
        ("/lying.avif", lying, "48 million pixels"),
        ("/mirrored.avif", MIRRORED.to_vec(), "is mirrored"),
    ];
    let site = Site::start();
    for (path, bytes, _) in &pictures {
        site.put(path, Reply::new(AVIF, bytes.clone()));
    }
    publish(&site, &pictures.each_ref().map(|(path, ..)| *path));
    let service = start(&site, "");
    let files = attachments(&service);
    assert_eq!(files.len(), pictures.len());
    for file in &files {
        assert_eq!(file["mime_type"], AVIF);
        assert!(file["_newsriver"]["plainer"].is_null(), "{file}");
        assert_eq!(service.get(&path(&service, &file["url"])).status, 200);
    }
    let said = |name: &str| {
        let log = service.log();
        let lines: Vec<_> = log.lines().filter(|line| line.contains(name)).map(str::to_owned).collect();
        assert_eq!(lines.len(), 1, "{name}\n{log}");
        lines[0].clone()
    };
    for (path, _, reason) in &pictures {
        assert!(said(path).contains(reason), "{}", said(path));
    }

    // They are fetched anew, and are what they were.
    let asked = site.asked("/vast.avif").len();
    let store = rusqlite::Connection::open(service.path("data/newsriver.db")).unwrap();
    store.execute("UPDATE picture SET due = 0", []).unwrap();
    drop(store);
    assert!(service.command(&["poll", "a"]).status.success());
    assert!(site.asked("/vast.avif").len() > asked);
    for (path, ..) in &pictures {
        said(path);
    }
}

#[test]
fn a_picture_beyond_the_bound_ends_with_a_clear_error() {
    let done = turned(VAST);
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    let words = String::from_utf8(done.stderr).unwrap();
    assert_eq!(words, "error: the picture has 48 million pixels, too many to be turned into JPEG\n");
    assert!(done.stdout.is_empty());
    assert_eq!(quarters(&turned(QUARTERS).stdout), COLOURED);
    let help = command(Path::new("/")).arg("--help").output().unwrap();
    assert!(!String::from_utf8(help.stdout).unwrap().contains("avif"));
}

#[test]
fn a_process_bounds_itself_before_it_reads() {
    let mut child = command(Path::new("/"))
        .arg("avif-to-jpeg")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let limits = || std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    // The last bound that is set.
    let start = std::time::Instant::now();
    while limits().lines().any(|line| line.starts_with("Max cpu time") && line.contains("unlimited")) {
        assert!(start.elapsed().as_secs() < 60 && is_there(child.id()), "{}", limits());
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let limits = limits();
    let bound = |name: &str| {
        let line = limits.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{limits}"));
        let mut columns = line.split_whitespace().map(|bound| bound.parse::<u64>().unwrap());
        (columns.next().unwrap(), columns.next().unwrap())
    };
    for name in ["Max file size", "Max core file size", "Max processes", "Max open files"] {
        assert_eq!(bound(name), (0, 0), "{name}");
    }
    assert!(bound("Max cpu time").1 <= 20);
    assert!(bound("Max address space").1 <= 2 << 30);
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    assert!(status.contains("NoNewPrivs:\t1") && status.contains("Threads:\t1"), "{status}");
    drop(child.stdin.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn damaged_pictures_come_to_an_end() {
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for case in 0..48 {
        let mut picture = [QUARTERS, CLEAR, DEEP, LARGE][case % 4].to_vec();
        for _ in 0..1 + random(3) {
            let at = random(picture.len());
            picture[at] = random(256) as u8;
        }
        if random(4) == 0 {
            picture.truncate(random(picture.len()));
        }
        let done = turned(&picture);
        match done.status.code() {
            Some(0) => assert_eq!(imagesize::image_type(&done.stdout).unwrap(), imagesize::ImageType::Jpeg),
            // Refused or broken off, with a reason; by a bound, it has no code.
            Some(code) => assert!([1, 101].contains(&code) && !done.stderr.is_empty(), "{case}: {done:?}"),
            None => {}
        }
    }
}

/// A service that is just turning a picture, with the process that does it, which will not end by itself.
fn turning() -> (Site, Service, u32) {
    let site = Site::start();
    site.put("/p.avif", Reply::new(AVIF, MOST.to_vec()));
    publish(&site, &["/p.avif"]);
    let service = Service::start(&super::mirror::configuration(&site, ""));
    let start = std::time::Instant::now();
    let name = |id: &u32| std::fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default();
    loop {
        // It has its name before its bounds, and is killed with the service from then on.
        if let Some(id) = children(service.id()).into_iter().find(|id| name(id) == "newsriver-avif\n") {
            signal(id, "STOP");
            return (site, service, id);
        }
        assert!(start.elapsed().as_secs() < 60, "{}", service.log());
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

fn wait_until_gone(id: u32) {
    let start = std::time::Instant::now();
    while is_there(id) {
        assert!(start.elapsed().as_secs() < 30, "the process is still there");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn no_process_outlives_the_service() {
    let (_site, mut service, id) = turning();
    service.kill();
    wait_until_gone(id);

    let (_site, mut service, id) = turning();
    assert_eq!(service.stop(), Some(0));
    wait_until_gone(id);
}
