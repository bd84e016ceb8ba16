package dev.murmuration.filter.lineage;

/** What a node of the lineage is, in the order of the pipeline. */
public enum Kind {
    /** A post, by its feed's id. */
    TWEET("tweet"),
    /** The bytes of a photo, by their SHA-256. */
    PHOTO("photo"),
    /** A photo of a tweet in shards, by its key. */
    SAMPLE("sample"),
    /** The model that scored texts, by name and version. */
    TEACHER("teacher"),
    /** A tar of samples, by its key in the store. */
    SHARD("shard"),
    /** A data set as far as a run had read it, by name and version. */
    DATASET("data set"),
    /** All settings that affect a run's training, by the beginning of their SHA-256. */
    RECIPE("recipe"),
    /** A student as of one step, by the SHA-256 of its object. */
    CHECKPOINT("checkpoint"),
    /** Photos with known classes, by name and SHA-256. */
    BENCHMARK("benchmark"),
    /** A checkpoint measured on a benchmark. */
    ACCURACY("accuracy");

    private final String title;

    Kind(String title) {
        this.title = title;
    }

    /** Its name in reports. */
    public String title() {
        return title;
    }
}
