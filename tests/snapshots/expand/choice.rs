#[derive(Choice)]
#[choice(rename_all = "kebab-case")]
pub enum Status {
    #[choice(rename = "To Do")]
    ToDo,
    InTest,
    Done,
}
