//! The commands that make a terminal of a shell.

use protocol::topic::{Channel, Topic};

/// What the commands need to know.
#[derive(Debug, Clone)]
pub struct Terminal<'a> {
    /// Name or address of the broker.
    pub host: &'a str,
    /// Its port.
    pub port: u16,
    /// The device's topic, of whatever channel.
    pub topic: Topic,
    /// Its password, or a word that says to put it there.
    pub password: &'a str,
    /// The card to show.
    pub card: &'a str,
}

/// Commands to copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commands {
    /// Listens to what the hub says, and leaves a last will.
    pub listen: String,
    /// Makes the functions `pass` and `again`, then sends one pass.
    pub pass: String,
    /// Sends the last message once more.
    pub again: String,
    /// Says that the terminal is there; retained.
    pub state: String,
}

impl Terminal<'_> {
    /// The commands of this terminal.
    pub fn commands(&self) -> Commands {
        let account = format!("-h {} -p {} -u {} -P '{}'", self.host, self.port, self.topic.device, self.password);
        let [events, state] = [Channel::UpEvents, Channel::UpState].map(|channel| self.topic.sibling(channel));
        let down = self.topic.sibling(Channel::DownAck).to_string().replace("/ack", "/#");
        let (folder, card) = (format!("~/shanyraq-{}", self.topic.device), self.card);
        Commands {
            listen: format!(
                "mosquitto_sub {account} -v -t '{down}' \\\n  --will-topic '{state}' --will-payload '{{\"status\":\"offline\"}}' --will-qos 1 --will-retain"
            ),
            pass: format!(
                r#"mkdir -p {folder} && cd {folder}
[ -s store ] || od -An -N4 -tx4 /dev/urandom | tr -d ' ' > store
publish() {{ mosquitto_pub {account} -q 1 "$@"; }}
pass() {{
  seq=$(( $(cat seq 2>/dev/null || echo 0) + 1 ))
  printf '{{"store":"%s","seq":%s,"at":"%s","kind":"pass","card":"{card}","direction":"%s"}}' \
    "$(cat store)" "$seq" "$(date -Is)" "${{1:-in}}" > last
  echo "$seq" > seq
  again
}}
again() {{ cat last; echo; publish -t '{events}' -f last; }}
pass in"#
            ),
            again: "again".to_owned(),
            state: format!(
                r#"publish -r -t '{state}' -m "{{\"status\":\"online\",\"store\":\"$(cat store)\",\"firmware\":\"shell\",\"at\":\"$(date -Is)\"}}""#
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use protocol::{
        topic::Code,
        up::{Events, State},
    };

    use super::*;

    /// Runs the commands in a real shell, with a `mosquitto_pub` that writes down what it was to send.
    fn run(script: &str) -> String {
        let home = tempfile::tempdir().unwrap();
        let stub = "#!/bin/sh\nwhile [ $# -gt 0 ]; do case $1 in -f) cat \"$2\" >> \"$HOME/sent\"; echo >> \"$HOME/sent\";; -m) echo \"$2\" >> \"$HOME/sent\";; esac; shift; done\n";
        let path = home.path().join("mosquitto_pub");
        std::fs::write(&path, stub).unwrap();
        Command::new("chmod").arg("+x").arg(&path).status().unwrap();
        let paths = format!("{}:{}", home.path().display(), std::env::var("PATH").unwrap());
        let done = Command::new("sh").arg("-c").arg(script).env("HOME", home.path()).env("PATH", paths).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        std::fs::read_to_string(home.path().join("sent")).unwrap()
    }

    #[test]
    fn inv_1_the_shell_is_a_terminal() {
        let topic = Topic::of(&Code::parse("s001").unwrap(), &Code::parse("link7k2m9q").unwrap(), Channel::UpEvents);
        let terminal = Terminal { host: "127.0.0.1", port: 1883, topic, password: "secret", card: "01ABCDEF" };
        let Commands { listen, pass, again, state } = terminal.commands();
        assert!(listen.contains("/s001/link7k2m9q/down/#'"), "{listen}");

        let sent = run(&format!("{pass}\npass out\n{again}\n{state}"));
        let sent: Vec<&str> = sent.lines().collect();
        let events: Vec<_> = sent[..3].iter().map(|line| Events::parse(line.as_bytes()).unwrap()).collect();
        let seqs: Vec<i64> = events.iter().map(|events| events.events[0].seq).collect();
        assert_eq!(seqs, [1, 2, 2], "{sent:?}");
        assert!(events.iter().all(|one| one.store == events[0].store && one.store.len() == 8));
        assert_eq!(State::parse(sent[3].as_bytes()).unwrap().store, Some(events[0].store.clone()));
    }
}
