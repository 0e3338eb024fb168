//! Cycle templates that can be walked, and those that cannot.

use super::*;
use crate::pack::CycleFile;

fn templates() -> Vec<CycleTemplate> {
    let file: CycleFile =
        toml::from_str(include_str!("../../../../../config/cycles/spirals.toml")).expect("the sample templates");
    file.cycles
}

fn sample() -> CycleTemplate {
    templates().into_iter().find(|template| template.id == "xian-gaoxin-ten").expect("a sample")
}

fn count(template: &CycleTemplate, of: LoopKind) -> usize {
    template.steps.iter().filter(|step| step.of_loop == of).count()
}

#[test]
fn the_three_published_spirals_can_be_walked() {
    let templates = templates();
    let shape: Vec<(&str, usize, usize)> = templates
        .iter()
        .map(|template| (template.id.as_str(), count(template, LoopKind::Large), count(template, LoopKind::Small)))
        .collect();
    assert_eq!(shape, [("xian-gaoxin-ten", 10, 3), ("xingjian-eight", 8, 4), ("mianyang-department", 7, 5)]);
    for template in &templates {
        assert_eq!(check_template(template), [], "{}", template.id);
    }
}

#[test]
fn the_small_loop_leaves_from_implementation_and_feeds_back_into_design() {
    let template = sample();
    assert!(template.allows("implement", "monitor") && template.allows("implement", "diagnose"));
    assert!(template.allows("adjust", "design"));
    assert!(template.allows("goal", "standard"));
    assert!(!template.allows("goal", "diagnose"));
    assert!(template.following("improve").is_empty());
}

#[test]
fn a_step_that_leads_nowhere_known_is_refused() {
    let mut template = sample();
    template.steps[4].next.push("dream".into());
    assert_eq!(
        check_template(&template),
        [TemplateFault::UnknownNext { step: "implement".into(), next: "dream".into() }]
    );
}

#[test]
fn two_steps_with_one_id_and_no_steps_at_all_are_refused() {
    let mut template = sample();
    template.steps[1].id = "goal".into();
    assert!(check_template(&template).contains(&TemplateFault::Twice { step: "goal".into() }));
    template.steps.clear();
    assert_eq!(check_template(&template), [TemplateFault::Empty]);
}

#[test]
fn runs_need_a_step_that_diagnoses() {
    let mut template = sample();
    template.steps.iter_mut().for_each(|step| step.diagnoses = false);
    assert_eq!(check_template(&template), [TemplateFault::NoDiagnosis]);
}

#[test]
fn a_small_loop_apart_from_the_large_one_is_refused() {
    let mut template = sample();
    for step in &mut template.steps {
        match step.id.as_str() {
            "monitor" => step.next = vec!["warn".into()],
            "adjust" => step.next = vec!["monitor".into()],
            _ => {}
        }
    }
    assert!(check_template(&template).contains(&TemplateFault::LoopsApart { step: "adjust".into() }));
}

#[test]
fn a_cycle_starts_in_the_large_loop_and_reaches_every_step() {
    let mut template = sample();
    template.steps[0].of_loop = LoopKind::Small;
    assert!(check_template(&template).contains(&TemplateFault::Start { step: "goal".into() }));
    let mut template = sample();
    template.steps[4].next = vec!["diagnose".into()];
    assert!(check_template(&template).contains(&TemplateFault::Unreachable { step: "monitor".into() }));
}
