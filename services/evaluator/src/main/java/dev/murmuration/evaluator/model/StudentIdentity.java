package dev.murmuration.evaluator.model;

import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.student.StudentFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which student a name stands for.
 *
 * @param name as it was asked for
 * @param run of its checkpoint; empty where no checkpoint was announced under this name
 * @param step likewise
 * @param sha256 of its checkpoint as announced, else of its weights' file
 */
public record StudentIdentity(String name, Optional<String> run, Optional<Long> step, String sha256) {

    static StudentIdentity of(String name, Checkpoint checkpoint) {
        return new StudentIdentity(
                name, Optional.of(checkpoint.getRun()), Optional.of(checkpoint.getStep()), checkpoint.getSha256());
    }

    /** Of a student in this folder, which was not announced. */
    static StudentIdentity of(String name, Path folder) throws UnusableStudentException {
        try {
            return new StudentIdentity(
                    name, Optional.empty(), Optional.empty(), Sha256.hex(StudentFolder.weightsFile(folder)));
        } catch (IOException e) {
            throw new UnusableStudentException(name + " holds no student: " + e.getMessage());
        }
    }

    /** For people. */
    @Override
    public String toString() {
        return "%s%ssha256 %s"
                .formatted(
                        run.filter(run -> !run.equals(name))
                                .map(run -> "%s: %s, ".formatted(name, run))
                                .orElse(name + ", "),
                        step.map(step -> "step %d, ".formatted(step)).orElse(""),
                        sha256);
    }
}
