package dev.murmuration.stage.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Collects wrong settings, so that all of them are reported in one message. Used by one thread. */
public final class SettingProblems {

    private final List<SettingException> found = new ArrayList<>();

    /** Adds a wrong setting; the parameters are those of {@link SettingException}. */
    public void add(String setting, Object value, String problem) {
        found.add(new SettingException(setting, value, problem));
    }

    /** Makes a part that needs settings. Empty if one of them is wrong, which is then added. */
    public <T> Optional<T> attempt(Supplier<T> part) {
        try {
            return Optional.of(part.get());
        } catch (SettingException e) {
            found.add(e);
            return Optional.empty();
        }
    }

    /** What was added so far, each as {@code NAME = VALUE: what is allowed}. */
    List<String> messages() {
        return found.stream().flatMap(e -> e.problems().stream()).toList();
    }

    /**
     * Ends the check.
     *
     * @throws SettingException with everything that was added, if anything was
     */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw SettingException.all(found);
        }
    }
}
