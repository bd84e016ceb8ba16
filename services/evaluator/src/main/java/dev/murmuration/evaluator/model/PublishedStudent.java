package dev.murmuration.evaluator.model;

import dev.murmuration.student.network.Architecture;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The students of Serra et al. (ECAI 2023) by the names in its evaluation scripts, with their architectures. */
enum PublishedStudent {
    BOOSTED_MODEL("boosted_model", "vit-l-16-384"),
    VIT_L16("ViT_L16", "vit-l-16-384"),
    VIT_L32("ViT_L32", "vit-l-32-384"),
    VIT_B16("ViT_B16", "vit-b-16-384"),
    VIT_B32("ViT_B32", "vit-b-32-224"),
    MERGED_T4SA("merged_T4SA", "vit-b-32-224"),
    BAL_FLAT_T4SA_2("bal_flat_T4SA2.0", "vit-b-32-224"),
    BAL_T4SA_2("bal_T4SA2.0", "vit-b-32-224"),
    UNB_T4SA_2("unb_T4SA2.0", "vit-b-32-224"),
    B_T4SA_1_UPD_FILT("B-T4SA_1.0_upd_filt", "vit-b-32-224"),
    B_T4SA_1_UPD("B-T4SA_1.0_upd", "vit-b-32-224"),
    B_T4SA_1("B-T4SA_1.0", "vit-b-32-224");

    private static final String HEAD = "-dense32";

    private final String title;
    private final String architecture;

    PublishedStudent(String title, String encoder) {
        this.title = title;
        this.architecture = encoder + HEAD;
    }

    /** The student with this name; empty if no script has it. */
    static Optional<PublishedStudent> titled(String title) {
        return Arrays.stream(values())
                .filter(student -> student.title.equals(title))
                .findFirst();
    }

    /** The name: that of the file without {@code .h5}. */
    String title() {
        return title;
    }

    /** The name of its architecture, as in {@link Architecture#name()}. */
    String architecture() {
        return architecture;
    }

    /** The path where its file is expected. */
    Path file(Path models) {
        return models.resolve(title + ".h5").toAbsolutePath().normalize();
    }
}
