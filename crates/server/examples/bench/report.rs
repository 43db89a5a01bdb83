//! What the rows say, as a table for people and as JSON for programs.

use serde::Serialize;

/// What is asked of a row.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// Of the two sides.
    RatioAtLeast(f64),
    /// Of the two sides.
    RatioAtMost(f64),
    /// Of our side.
    AtLeast(f64),
    /// Of our side.
    AtMost(f64),
}

/// One row: our side, what it is compared with, and how the one stands to the other.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub database: &'static str,
    pub work: String,
    pub unit: &'static str,
    pub ours: f64,
    /// What `beside` is.
    pub than: &'static str,
    pub beside: Option<f64>,
    /// Ours to the other, each of one round.
    pub ratios: Vec<f64>,
    /// The middle one.
    pub ratio: Option<f64>,
    pub goal: Option<Goal>,
    pub is_met: Option<bool>,
}

impl Row {
    /// Our side alone.
    pub fn alone(database: &'static str, work: impl Into<String>, unit: &'static str, ours: f64) -> Self {
        Self {
            database,
            work: work.into(),
            unit,
            ours,
            than: "",
            beside: None,
            ratios: Vec::new(),
            ratio: None,
            goal: None,
            is_met: None,
        }
    }

    /// Beside another side, round by round.
    pub fn beside(mut self, than: &'static str, rounds: &[(f64, f64)]) -> Self {
        self.than = than;
        self.ours = median(rounds.iter().map(|(ours, _)| *ours).collect());
        self.beside = Some(median(rounds.iter().map(|(_, beside)| *beside).collect()));
        self.ratios = rounds.iter().map(|(ours, beside)| ours / beside).collect();
        self.ratio = Some(median(self.ratios.clone()));
        self
    }

    /// With what is asked of it.
    pub fn with_goal(mut self, goal: Goal) -> Self {
        let ratio = self.ratio.unwrap_or(f64::NAN);
        self.is_met = Some(match goal {
            Goal::RatioAtLeast(least) => ratio >= least,
            Goal::RatioAtMost(most) => ratio <= most,
            Goal::AtLeast(least) => self.ours >= least,
            Goal::AtMost(most) => self.ours <= most,
        });
        self.goal = Some(goal);
        self
    }
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// Prints the table.
pub fn print(rows: &[Row]) {
    println!("\n| database | work | Liangnuo | beside | | ratio (least to most) | goal | |");
    println!("| --- | --- | ---: | ---: | --- | ---: | ---: | --- |");
    for row in rows {
        let unit = row.unit;
        let spread = |ratio: f64| {
            let least = row.ratios.iter().copied().fold(f64::INFINITY, f64::min);
            let most = row.ratios.iter().copied().fold(0.0, f64::max);
            if row.ratios.len() > 1 {
                format!("{} ({} to {})", short(ratio), short(least), short(most))
            } else {
                short(ratio)
            }
        };
        println!(
            "| {} | {} | {} {unit} | {} | {} | {} | {} | {} |",
            row.database,
            row.work,
            short(row.ours),
            row.beside
                .map(|value| format!("{} {unit}", short(value)))
                .unwrap_or_default(),
            row.than,
            row.ratio.map(spread).unwrap_or_default(),
            match row.goal {
                Some(Goal::RatioAtLeast(least)) => format!(">= {}", short(least)),
                Some(Goal::RatioAtMost(most)) => format!("<= {}", short(most)),
                Some(Goal::AtLeast(least)) => format!(">= {} {unit}", short(least)),
                Some(Goal::AtMost(most)) => format!("<= {} {unit}", short(most)),
                None => String::new(),
            },
            match row.is_met {
                Some(true) => "met",
                Some(false) => "MISSED",
                None => "",
            },
        );
    }
}

/// Writes the rows where programs look for them.
pub fn write(rows: &[Row], settings: &serde_json::Value) {
    let json = serde_json::json!({"settings": settings, "rows": rows});
    let own = std::env::current_exe().unwrap();
    // target/release/examples/bench
    let file = own.ancestors().nth(3).unwrap().join("bench.json");
    std::fs::write(&file, serde_json::to_string_pretty(&json).unwrap()).unwrap();
    println!("\n{}", file.display());
}
