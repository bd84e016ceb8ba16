package dev.murmuration.teacher;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the teacher; the README has them in a table. */
@ConfigMapping(prefix = "teacher")
interface TeacherSettings {

    /** Which model: {@code bundled}, or a folder in Hugging Face layout. */
    @WithDefault("bundled")
    String model();

    /** How many UTF-16 units of a text are scored; what follows is not read. */
    @WithDefault("4096")
    int maxTextChars();

    /** The largest event that is sent, in bytes; a larger one becomes a dead letter. Stay under the topics' {@code max.message.bytes}. */
    @WithDefault("1000000")
    int maxEventBytes();

    /** How many threads libtorch uses for one batch. */
    @WithDefault("1")
    int threads();

    /** How many records are scored and committed together at most. */
    @WithDefault("512")
    int batchRecords();
}
