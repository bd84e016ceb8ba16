package dev.murmuration.trainer.checkpoint;

import dev.murmuration.student.StudentFolder;
import dev.murmuration.trainer.run.Position;
import dev.murmuration.trainer.run.TrainingRun;
import java.util.List;

/**
 * What a student is for, how it was trained and what it is not to be used for: the file {@code README.md} of its folder, with the
 * metadata block of Hugging Face's model cards (Mitchell et al., "Model Cards for Model Reporting", FAT* 2019). It contains no time,
 * so the same run gives the same bytes.
 */
final class ModelCard {

    /** Name of the file. */
    static final String FILE = "README.md";

    private ModelCard() {}

    /** The card of a run's student as of now, Markdown. */
    static String of(TrainingRun run) {
        Position position = run.position();
        StringBuilder perClass = new StringBuilder();
        List<Long> counts = position.perClass();
        for (int i = 0; i < counts.size(); i++) {
            perClass.append(i == 0 ? "" : ", ")
                    .append(StudentFolder.LABELS.get(i))
                    .append(' ')
                    .append(counts.get(i));
        }
        return """
                ---
                pipeline_tag: image-classification
                license: other
                license_name: that-of-the-data-set
                tags: [image-sentiment, distillation, weak-supervision]
                ---

                # %s, step %d

                Estimates whether people would post a photo with a negative, neutral or positive text. It was distilled from a text classifier: it saw photos from a
                stream of posts, labelled by that classifier's opinion of the posts' texts. Nobody labelled a photo by hand.

                | | |
                |---|---|
                | architecture | `%s` |
                | input | RGB photo, resized to %d x %d pixels as `preprocessor_config.json` says |
                | output | logits of %s |
                | data set | `%s` |
                | distinct samples | %d (%s) |
                | samples seen, repetitions included | %d in %d steps |
                | training | `%s` |

                ## Intended use

                Measuring the mood of many photos together, and research on weak supervision. Accuracy on hand-labelled benchmarks, with its interval, chance and
                majority: `./murmuration leaderboard`. Where each sample came from: `./murmuration lineage checkpoint`.

                ## Not intended

                - Judging a single person, post or photo, or deciding anything about people. The labels are moods of texts, not of those who are pictured.
                - Recognising emotions in faces.

                ## Limits

                - A text and its photo often disagree, so a share of the labels is wrong, more often where a photo is ambiguous.
                - It inherits the errors of the text classifier, and the topics, languages and habits of the network that the posts came from.
                - Photos whose authors deleted them later may have been learned. `./murmuration subject` says which checkpoints they concern.
                """.formatted(
                        position.run(),
                        position.step(),
                        position.architecture(),
                        run.plan().pixels().side(),
                        run.plan().pixels().side(),
                        String.join(", ", StudentFolder.LABELS),
                        position.dataset(),
                        position.fresh(),
                        perClass,
                        position.samplesSeen(),
                        position.step(),
                        position.recipe());
    }
}
