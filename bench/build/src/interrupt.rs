//! Ctrl-C and SIGTERM: whatever was started is ended, so that the one who waits for it fails, and the run goes to its end
//! as after any failure. It removes what is temporary on its way, with nobody left who writes there.

use std::{
    os::unix::process::CommandExt as _,
    process::{Child, Command, Output},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::signal::unix::{SignalKind, signal};

use crate::Result;

static CHILDREN: Children = Children(Mutex::new(State { running: None, interrupted: None }));

/// Listens from now on.
pub(crate) fn listen() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let [mut interrupt, mut terminate, mut hangup] = {
        let _context = runtime.enter();
        let [interrupt, terminate, hangup] = kinds.map(signal);
        [interrupt?, terminate?, hangup?]
    };
    thread::spawn(move || {
        let kind = runtime.block_on(async {
            tokio::select! {
                _ = interrupt.recv() => kinds[0],
                _ = terminate.recv() => kinds[1],
                _ = hangup.recv() => kinds[2],
            }
        });
        CHILDREN.end(kind.as_raw_value());
    });
    Ok(())
}

/// The status of a process that a signal has ended, where one has asked for that.
pub(crate) fn status() -> Option<u8> {
    CHILDREN.state().interrupted.map(status_of)
}

/// As [`Command::output`], until somebody interrupts it.
pub(crate) fn output(command: &mut Command) -> Result<Output> {
    let child = CHILDREN.start(command)?;
    let output = child.wait_with_output();
    CHILDREN.ended()?;
    Ok(output?)
}

/// What a shell says of a process that ended by a signal.
fn status_of(signal: i32) -> u8 {
    u8::try_from(128 + signal).unwrap_or(u8::MAX)
}

/// The one child that is waited for, and whether there may be another.
struct Children(Mutex<State>);

struct State {
    running: Option<Pid>,
    /// By which signal.
    interrupted: Option<i32>,
}

impl Children {
    /// Starts one, with all that it will start, in a group of its own: cargo does not end its compilers when it is ended.
    fn start(&self, command: &mut Command) -> Result<Child> {
        let mut state = self.state();
        state.check()?;
        let child = command.process_group(0).spawn()?;
        state.running = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        Ok(child)
    }

    /// The one that was started has ended.
    fn ended(&self) -> Result<()> {
        let mut state = self.state();
        state.running = None;
        state.check()
    }

    /// Ends the one that runs, and lets nobody start another.
    fn end(&self, signal: i32) {
        let mut state = self.state();
        state.interrupted = Some(signal);
        if let Some(group) = state.running.take() {
            // One that has ended by itself is no longer there.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn check(&self) -> Result<()> {
        if self.interrupted.is_some() { Err("interrupted".into()) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use std::{os::unix::process::ExitStatusExt as _, process::Stdio};

    use super::*;

    fn children() -> Children {
        Children(Mutex::new(State { running: None, interrupted: None }))
    }

    #[test]
    fn an_interrupt_ends_what_runs_with_all_that_it_started() {
        let children = children();
        // The pipe is open as long as one of the two lives.
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 600 & sleep 600"]).stdout(Stdio::piped());
        let child = children.start(&mut command).unwrap();
        children.end(15);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.signal(), Some(9));
        assert!(children.ended().is_err(), "whoever waited for it is told");
        assert!(children.start(&mut Command::new("true")).is_err(), "and nothing is started any more");
    }

    #[test]
    fn what_ends_by_itself_is_left_in_peace() {
        let children = children();
        let child = children.start(&mut Command::new("true")).unwrap();
        assert!(child.wait_with_output().unwrap().status.success());
        children.ended().unwrap();
        children.end(2);
        assert!(children.state().running.is_none());
    }

    #[test]
    fn the_status_is_that_of_the_signal() {
        assert_eq!((status_of(2), status_of(15)), (130, 143));
    }
}
