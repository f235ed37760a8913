//! What the tests serve.

use restruct::App;

mod families;
mod kanban;
mod kinds;
mod library;
mod marks;
mod relations;
mod rules;
mod shapes;
mod states;
mod trips;

pub use families::*;
pub use kanban::*;
pub use kinds::*;
pub use library::*;
pub use marks::*;
pub use relations::*;
pub use rules::*;
pub use shapes::*;
pub use states::*;
pub use trips::*;

/// The kanban: users, cards, comments.
pub fn kanban() -> App {
    App::new("kanban").resource::<User>().resource::<Card>().resource::<Comment>()
}

/// The kanban's users, and a resource for each set of rules.
pub fn ruled() -> App {
    register_rules(App::new("ruled").resource::<User>())
}

/// The kanban's users, and a resource for each odd corner of columns and keys.
pub fn odd() -> App {
    App::new("odd")
        .resource::<User>()
        .resource::<Sample>()
        .resource::<Maybe>()
        .resource::<Parcel>()
        .resource::<Leg>()
        .resource::<Group>()
        .resource::<Seat>()
        .resource::<Ticket>()
        .resource::<Form>()
        .resource::<Gadget>()
        .resource::<Reading>()
}

/// The kanban's users, and resources that point to each other in every way.
pub fn related() -> App {
    App::new("related")
        .resource::<User>()
        .resource::<Folder>()
        .resource::<Team>()
        .resource::<Player>()
        .resource::<Artist>()
        .resource::<Album>()
        .resource::<Poster>()
        .resource::<Contract>()
        .resource::<Diary>()
        .resource::<Entry>()
        .resource::<Message>()
}

/// The kanban's users, and rows that others are made together with.
pub fn families() -> App {
    App::new("families")
        .resource::<User>()
        .resource::<Shop>()
        .resource::<Offer>()
        .resource::<Remark>()
        .resource::<Complaint>()
        .resource::<Licence>()
        .resource::<Award>()
        .resource::<Chest>()
        .resource::<Coin>()
        .resource::<Region>()
        .resource::<Road>()
}

/// A login resource whose rows come with others.
pub fn offices() -> App {
    App::new("offices").resource::<Office>().resource::<Worker>()
}

/// Texts to search.
pub fn library() -> App {
    App::new("library").resource::<Rack>().resource::<Volume>().resource::<Leaf>()
}

/// The kanban, and resources whose rows are changed under conditions.
pub fn kept() -> App {
    kanban()
        .resource::<Shelf>()
        .resource::<Book>()
        .resource::<Account>()
        .resource::<Profile>()
        .resource::<Relic>()
        .resource::<Plaque>()
        .resource::<Purchase>()
}

/// A login resource whose rows stay when they are deleted.
pub fn guests() -> App {
    App::new("guests").resource::<Guest>().resource::<Token>()
}

/// A login resource with other names, and no registration.
pub fn closed() -> App {
    App::new("closed").resource::<Member>()
}

/// Rows that are unique in more than one way.
pub fn marked() -> App {
    App::new("marked").resource::<User>().resource::<Mark>()
}

/// A long list, and the kanban's users.
pub fn travels() -> App {
    App::new("travels").resource::<User>().resource::<Trip>().resource::<Stop>()
}
