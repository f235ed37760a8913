use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::Notify;

use super::*;

/// Does nothing, and remembers how many writes each commit had.
#[derive(Clone, Default)]
struct Counting(Arc<Mutex<Vec<usize>>>);

impl Counting {
    fn count(&self, writes: usize) {
        self.0.lock().expect("no panic").push(writes);
    }
}

impl Writer for Counting {
    fn alone(&self, _: Statement) -> BoxFuture<'_, Result<Vec<Row>>> {
        self.count(1);
        Box::pin(async { Ok(Vec::new()) })
    }

    fn together(&self, batch: Arc<[Statement]>) -> BoxFuture<'_, Result<Together>> {
        self.count(batch.len());
        Box::pin(
            async move { Ok(Together { results: batch.iter().map(|_| Ok(Vec::new())).collect(), committed: Ok(()) }) },
        )
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

fn nothing() -> Statement {
    Statement::new(String::new(), Vec::new(), Vec::new())
}

#[tokio::test]
async fn who_is_about_to_write_is_taken_along() {
    let commits = Counting::default();
    let queue = Arc::new(Queue::start(commits.clone()));
    // It wakes the task that commits, and only then come others, who are to run after that task.
    let mut first = Box::pin(queue.run(nothing()));
    assert!((&mut first).now_or_never().is_none());
    let others = [Arc::clone(&queue), Arc::clone(&queue)];
    let others = others.map(|queue| tokio::spawn(async move { queue.run(nothing()).await }));
    first.await.expect("an answer");
    for other in others {
        other.await.expect("no panic").expect("an answer");
    }
    assert_eq!(*commits.0.lock().expect("no panic"), [3]);
}

#[tokio::test]
async fn who_is_alone_is_not_kept() {
    let commits = Counting::default();
    let queue = Queue::start(commits.clone());
    for _ in 0..3 {
        queue.run(nothing()).await.expect("an answer");
    }
    assert_eq!(*commits.0.lock().expect("no panic"), [1, 1, 1]);
}

/// Fails whatever runs together, once it is let, and counts what runs alone.
#[derive(Default)]
struct Failing {
    begun: Notify,
    go: Notify,
    alone: AtomicUsize,
}

impl Writer for Arc<Failing> {
    fn alone(&self, _: Statement) -> BoxFuture<'_, Result<Vec<Row>>> {
        self.alone.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Ok(Vec::new()) })
    }

    fn together(&self, _: Arc<[Statement]>) -> BoxFuture<'_, Result<Together>> {
        Box::pin(async {
            self.begun.notify_one();
            self.go.notified().await;
            Err(Error::internal("on purpose"))
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

#[tokio::test]
async fn who_goes_before_writes_run_one_by_one_is_left_out() {
    let writer = Arc::new(Failing::default());
    let queue = Arc::new(Queue::start(Arc::clone(&writer)));
    let mut calls =
        [(); 3].map(|()| Arc::clone(&queue)).map(|queue| tokio::spawn(async move { queue.run(nothing()).await }));
    writer.begun.notified().await;
    calls[1].abort();
    assert!((&mut calls[1]).await.expect_err("it is gone").is_cancelled());
    writer.go.notify_one();
    let [first, _, last] = calls;
    for call in [first, last] {
        call.await.expect("no panic").expect("an answer");
    }
    assert_eq!(writer.alone.load(Ordering::SeqCst), 2);
}
