//! A value that comes from the API: asked for, on its way, there, or refused. It keeps what it had while a newer one is
//! on its way, and takes only the answer to its last question.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use zhengai_wire::{Call, Failure};

/// Number of a request, unique in one run of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(pub u64);

/// What came back for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Body, JSON unless the request said otherwise.
    pub body: Arc<[u8]>,
    /// Version of the thing, for `Call::if_match`.
    pub etag: Option<String>,
}

impl Reply {
    /// A reply that holds a value, as fakes give it.
    pub fn of<T: Serialize>(value: &T) -> Self {
        Self { body: serde_json::to_vec(value).unwrap_or_default().into(), etag: None }
    }
}

/// An answer to one of a screen's requests.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Which request.
    pub id: RequestId,
    /// The tag that the request was made with; empty for [`Load`]s.
    pub tag: String,
    /// What came.
    pub outcome: Result<Reply, Failure>,
}

impl Answer {
    /// Whether it answers an act with this tag.
    pub fn is(&self, tag: &str) -> bool {
        self.tag == tag
    }

    /// Reads it as the answer to a call.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        match &self.outcome {
            Ok(reply) => Call::<T>::read(&reply.body)
                .map_err(|error| Failure::Unreadable { path: self.tag.clone(), cause: error.to_string() }),
            Err(failure) => Err(failure.clone()),
        }
    }

    /// Version of the thing.
    pub fn etag(&self) -> Option<&str> {
        self.outcome.as_ref().ok().and_then(|reply| reply.etag.as_deref())
    }
}

/// Where the value of a [`Load`] is.
#[derive(Debug, Clone, Copy)]
pub enum State<'a, T> {
    /// Nobody asked.
    Empty,
    /// On its way for the first time.
    Loading,
    /// There; perhaps a newer one is on its way.
    Ready(&'a T),
    /// Refused, and nothing older is there.
    Failed(&'a Failure),
}

/// A value that comes from the API.
#[derive(Debug, Clone)]
pub struct Load<T> {
    value: Option<T>,
    etag: Option<String>,
    failure: Option<Failure>,
    awaited: Option<RequestId>,
}

impl<T> Default for Load<T> {
    fn default() -> Self {
        Self { value: None, etag: None, failure: None, awaited: None }
    }
}

impl<T> Load<T> {
    /// A value that is there, as tests want it.
    pub fn ready(value: T) -> Self {
        Self { value: Some(value), ..Self::default() }
    }

    /// Where it is.
    pub fn state(&self) -> State<'_, T> {
        match (&self.value, &self.failure, self.awaited) {
            (Some(value), _, _) => State::Ready(value),
            (None, _, Some(_)) => State::Loading,
            (None, Some(failure), None) => State::Failed(failure),
            (None, None, None) => State::Empty,
        }
    }

    /// The value, when there is one, however old.
    pub fn get(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// The value, to be changed in place before the server has said so.
    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.value.as_mut()
    }

    /// Version of the value.
    pub fn etag(&self) -> Option<&str> {
        self.etag.as_deref()
    }

    /// Why the last question was refused; the value may be older.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// Whether an answer is on its way.
    pub fn is_loading(&self) -> bool {
        self.awaited.is_some()
    }

    /// Which request it waits for.
    pub fn awaited(&self) -> Option<RequestId> {
        self.awaited
    }

    /// Waits for this request from now on. Gives the one that it waited for before, which nobody needs any more.
    pub fn expect(&mut self, id: RequestId) -> Option<RequestId> {
        self.awaited.replace(id)
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

impl<T: DeserializeOwned> Load<T> {
    /// Takes an answer when it is the one waited for, and says whether it was.
    pub fn take(&mut self, answer: &Answer) -> bool {
        if self.awaited != Some(answer.id) {
            return false;
        }
        self.awaited = None;
        match answer.read() {
            Ok(value) => {
                self.value = Some(value);
                self.etag = answer.etag().map(str::to_owned);
                self.failure = None;
            }
            Err(failure) => self.failure = Some(failure),
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Load, Reply, RequestId, State};
    use zhengai_wire::Failure;

    fn answer(id: u64, value: u64) -> Answer {
        Answer { id: RequestId(id), tag: String::new(), outcome: Ok(Reply::of(&value)) }
    }

    #[test]
    fn only_the_answer_to_the_last_question_counts() {
        let mut load: Load<u64> = Load::default();
        assert_eq!(load.expect(RequestId(1)), None);
        assert_eq!(load.expect(RequestId(2)), Some(RequestId(1)));
        assert!(!load.take(&answer(1, 10)));
        assert!(matches!(load.state(), State::Loading));
        assert!(load.take(&answer(2, 20)));
        assert!(matches!(load.state(), State::Ready(20)));
        assert!(!load.take(&answer(2, 30)), "an answer is taken once");
    }

    #[test]
    fn the_old_value_stays_while_a_newer_one_is_on_its_way_and_when_it_does_not_come() {
        let mut load = Load::ready(7_u64);
        load.expect(RequestId(3));
        assert!(matches!(load.state(), State::Ready(7)) && load.is_loading());
        let failure = Failure::Unreachable { server: "s".into(), cause: "gone".into() };
        assert!(load.take(&Answer { id: RequestId(3), tag: String::new(), outcome: Err(failure) }));
        assert!(matches!(load.state(), State::Ready(7)));
        assert!(load.failure().is_some());
    }

    #[test]
    fn an_answer_of_another_shape_is_a_failure() {
        let mut load: Load<u64> = Load::default();
        load.expect(RequestId(1));
        let odd = Answer { id: RequestId(1), tag: String::new(), outcome: Ok(Reply::of(&"word")) };
        assert!(load.take(&odd));
        assert!(matches!(load.state(), State::Failed(Failure::Unreadable { .. })));
    }
}
