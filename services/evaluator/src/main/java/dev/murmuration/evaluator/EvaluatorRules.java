package dev.murmuration.evaluator;

import dev.murmuration.stage.settings.SettingProblems;
import dev.murmuration.stage.settings.SettingsRules;

/** What the evaluator's settings must be together. */
final class EvaluatorRules implements SettingsRules<EvaluatorSettings> {

    @Override
    public void check(EvaluatorSettings settings, SettingProblems problems) {
        EvaluatorSettings.Serve serve = settings.serve();
        if (serve.queue() < serve.maxImages()) {
            problems.add("evaluator.serve.queue", serve.queue(), "must be at least evaluator.serve.max-images");
        }
    }
}
