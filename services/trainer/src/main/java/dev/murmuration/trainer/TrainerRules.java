package dev.murmuration.trainer;

import dev.murmuration.stage.settings.SettingProblems;
import dev.murmuration.stage.settings.SettingsRules;
import dev.murmuration.student.network.Network;
import dev.murmuration.trainer.TrainerSettings.RecipeName;

/** What the trainer's settings must be together. */
final class TrainerRules implements SettingsRules<TrainerSettings> {

    @Override
    public void check(TrainerSettings settings, SettingProblems problems) {
        settings.begin()
                .ifPresent(weights -> problems.add("trainer.begin", weights, "is called trainer.init-from now"));
        try {
            Network.named(settings.architecture());
        } catch (IllegalArgumentException e) {
            problems.add("trainer.architecture", settings.architecture(), String.valueOf(e.getMessage()));
        }
        settings.weightDecay()
                .filter(decay -> decay != 0 && settings.recipe() == RecipeName.PAPER)
                .ifPresent(decay ->
                        problems.add("trainer.weight-decay", decay, "must be 0: RAdam of the recipe paper has none"));
    }
}
