# Each recipe is one line that also works typed by hand.

# all that CI runs
test:
    scripts/test

# the service against its own newsroom
demo:
    cargo run --release -- demo

# the measured figures of docs/performance.md
bench:
    cargo bench

# real readers and a real browser
outside:
    scripts/check-readers && scripts/check-pages

# accept changed snapshots after looking at them
snapshots:
    INSTA_UPDATE=always cargo test
