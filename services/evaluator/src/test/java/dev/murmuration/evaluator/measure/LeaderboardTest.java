package dev.murmuration.evaluator.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.evaluator.model.ModelNamesTest;
import dev.murmuration.schemas.Accuracy;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaderboardTest {

    private static final List<Accuracy> OURS = List.of(
            Accuracy.newBuilder(ModelNamesTest.accuracy("ours, first", "5agree", "zero-shot", .877, .851))
                    .setRocAuc(.912)
                    .build(),
            ModelNamesTest.accuracy("ours, first", "own photos", "three-way", .5, .25));

    @Test
    void holdsThePublishedTables() {
        List<Leaderboard.Line> published = Leaderboard.published();

        assertThat(published)
                .filteredOn(line -> line.protocol().equals("zero-shot"))
                .hasSize(15 * 3);
        assertThat(published)
                .filteredOn(line -> line.protocol().equals("k-fold"))
                .hasSize(19 * 3 - 6);
        assertThat(published)
                .filteredOn(line -> line.model().equals("ViT_L16"))
                .extracting(Leaderboard.Line::accuracy)
                .containsExactly(87.8, 84.8, 81.9);
    }

    @Test
    void putsOursBesideThePublished() {
        String text = Leaderboard.of(OURS).written(Leaderboard.Format.TEXT);

        assertThat(text.lines().map(line -> line.replaceAll(" {2,}", "  ")))
                .contains(
                        "ViT_L16  Serra et al. 2023  87.8  84.8  81.9",
                        "ours, first, step 7  ours  87.7 (85.1; 0.912)  -  -",
                        "three-way: accuracy in percent (macro F1; ROC AUC)");
    }

    @Test
    void isSortedAndSaysOfHowManyPhotosAndHowSurelyOursWereMeasured() {
        String text = Leaderboard.of(OURS).written(Leaderboard.Format.TEXT);

        assertThat(text.lines().map(line -> line.replaceAll(" {2,}", "  ")))
                .containsSubsequence(
                        "ViT_L16  Serra et al. 2023  87.8  84.8  81.9",
                        "ours, first, step 7  ours  87.7 (85.1; 0.912)  -  -",
                        "ViT_B16  Serra et al. 2023  87.0  83.1  79.4");
        assertThat(text).contains("  ours, first, step 7 on 5agree: 87.7 % (95 % interval ", " of 10 photos");
    }

    @Test
    void writesMarkdownThatLinesUp() {
        String markdown = Leaderboard.of(OURS).written(Leaderboard.Format.MARKDOWN);

        assertThat(markdown.lines())
                .contains(
                        "### three-way: accuracy in percent (macro F1; ROC AUC)",
                        "| model | from | own photos |",
                        "|---|---|---|",
                        "| ours, first, step 7 | ours | 50.0 (25.0) |");
    }

    @Test
    void writesCsvWithQuotesWhereNamesNeedThem() {
        String csv = Leaderboard.of(OURS).written(Leaderboard.Format.CSV);

        assertThat(csv.lines())
                .contains(
                        "protocol,model,source,benchmark,accuracy,macroF1,rocAuc,samples",
                        "zero-shot,ViT_L16,Serra et al. 2023,5agree,87.8,,,",
                        "zero-shot,\"ours, first, step 7\",ours,5agree,87.7,85.1,0.912,10");
    }
}
