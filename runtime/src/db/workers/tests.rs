use std::sync::{
    atomic::AtomicUsize,
    mpsc::{Receiver, Sender, channel},
};

use super::*;

fn counting(sizes: [usize; 2]) -> (Workers<usize>, Arc<AtomicUsize>) {
    let made = Arc::new(AtomicUsize::new(0));
    let own = Arc::clone(&made);
    (Workers::new("test", sizes, move || Ok(own.fetch_add(1, Ordering::SeqCst))), made)
}

/// Work that says that it has begun and waits to be let go.
fn gate() -> (impl FnOnce(&mut usize) -> Result<usize> + Send, Receiver<()>, Sender<()>) {
    let (says, begun) = channel();
    let (go, gone) = channel::<()>();
    let work = move |owned: &mut usize| {
        says.send(()).expect("the test waits");
        gone.recv().expect("the test lets go");
        Ok(*owned)
    };
    (work, begun, go)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_thread_is_enough_for_quick_work() {
    let (workers, made) = counting([1, 4]);
    for _ in 0..100 {
        assert_eq!(workers.run(|owned| Ok(*owned)).await.expect("an answer"), 0);
    }
    assert_eq!(made.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_work_is_overtaken() {
    let (workers, made) = counting([1, 2]);
    let workers = Arc::new(workers);
    let (slow, begun, go) = gate();
    let own = Arc::clone(&workers);
    let waiting = tokio::spawn(async move { own.run(slow).await });
    tokio::task::spawn_blocking(move || begun.recv()).await.expect("a thread").expect("it has begun");
    assert_eq!(workers.run(|owned| Ok(*owned)).await.expect("an answer"), 1, "another thread has done it");
    go.send(()).expect("it waits");
    assert_eq!(waiting.await.expect("a task").expect("an answer"), 0);
    assert_eq!(made.load(Ordering::SeqCst), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_panic_there_is_a_new_one() {
    let (workers, made) = counting([1, 1]);
    let error = workers.run(|_| -> Result<()> { panic!("on purpose") }).await.expect_err("it panicked");
    assert_eq!(error.code(), Code::Internal);
    assert_eq!(workers.run(|owned| Ok(*owned)).await.expect("an answer"), 1);
    assert_eq!(made.load(Ordering::SeqCst), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_made_is_an_error_and_is_tried_again() {
    let tries = AtomicUsize::new(0);
    let make = move || match tries.fetch_add(1, Ordering::SeqCst) {
        0 => Err(Error::new(Code::Unavailable, "not yet")),
        n => Ok(n),
    };
    let workers = Workers::new("test", [1, 1], make);
    assert_eq!(workers.run(|n| Ok(*n)).await.expect_err("the first").code(), Code::Unavailable);
    assert_eq!(workers.run(|n| Ok(*n)).await.expect("the second"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_waits_for_what_has_queued() {
    let (workers, _) = counting([1, 1]);
    let workers = Arc::new(workers);
    let (slow, begun, go) = gate();
    let (first, second) = (Arc::clone(&workers), Arc::clone(&workers));
    let first = tokio::spawn(async move { first.run(slow).await });
    tokio::task::spawn_blocking(move || begun.recv()).await.expect("a thread").expect("it has begun");
    let second = tokio::spawn(async move { second.run(|owned| Ok(*owned)).await });
    while workers.0.state().jobs.is_empty() {
        tokio::task::yield_now().await;
    }
    let closing = Arc::clone(&workers);
    let closing = tokio::spawn(async move { closing.close().await });
    while !workers.0.state().closed {
        tokio::task::yield_now().await;
    }
    assert_eq!(workers.run(|_| Ok(())).await.expect_err("it is closed").code(), Code::Unavailable);
    assert!(!closing.is_finished(), "work is under way");
    go.send(()).expect("it waits");
    assert_eq!(first.await.expect("a task").expect("an answer"), 0);
    assert_eq!(second.await.expect("a task").expect("an answer"), 0);
    closing.await.expect("it ends");
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_nobody_waits_for_is_not_begun() {
    let (workers, _) = counting([1, 1]);
    let workers = Arc::new(workers);
    let (slow, begun, go) = gate();
    let own = Arc::clone(&workers);
    let waiting = tokio::spawn(async move { own.run(slow).await });
    tokio::task::spawn_blocking(move || begun.recv()).await.expect("a thread").expect("it has begun");
    let ran = Arc::new(AtomicBool::new(false));
    let (own, flag) = (Arc::clone(&workers), Arc::clone(&ran));
    let work = move |_: &mut usize| {
        flag.store(true, Ordering::SeqCst);
        Ok(())
    };
    let given_up = tokio::spawn(async move { own.run(work).await });
    while workers.0.state().jobs.is_empty() {
        tokio::task::yield_now().await;
    }
    given_up.abort();
    assert!(given_up.await.expect_err("it was given up").is_cancelled());
    go.send(()).expect("it waits");
    waiting.await.expect("a task").expect("an answer");
    workers.run(|_| Ok(())).await.expect("whatever came before is done");
    assert!(!ran.load(Ordering::SeqCst));
}
