package dev.murmuration.stage.settings;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.ConfigValidator;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Checks our interfaces of settings when SmallRye Config has read them: each setting against its annotations, then the
 * {@link CheckedBy rules} of the interface. SmallRye reports all problems of all interfaces together with the values that could
 * not be converted; an interface with such a value is not checked further.
 *
 * <p>The annotations are those of Bean Validation. Why not its implementation too: docs/adr/0032.
 */
public final class SettingsValidator implements ConfigValidator {

    private static final String OURS = "dev.murmuration.";

    @Override
    public void validateMapping(Class<?> mapping, String prefix, Object settings) {
        if (mapping.getName().startsWith(OURS)) {
            SettingProblems problems = new SettingProblems();
            new Walk(problems).group(mapping, prefix, settings);
            List<String> found = problems.messages();
            if (!found.isEmpty()) {
                throw new ConfigValidationException(found.stream()
                        .map(ConfigValidationException.Problem::new)
                        .toArray(ConfigValidationException.Problem[]::new));
            }
        }
    }

    /**
     * Checks settings that were not read by SmallRye Config.
     *
     * @param mapping their interface, a {@link ConfigMapping}
     * @throws dev.murmuration.stage.settings.SettingException with all that are wrong
     */
    public static <S> void require(Class<S> mapping, S settings) {
        SettingProblems problems = new SettingProblems();
        new Walk(problems)
                .group(mapping, mapping.getAnnotation(ConfigMapping.class).prefix(), settings);
        problems.throwIfAny();
    }

    /** From the interface of a prefix down to its values. */
    private record Walk(SettingProblems problems) {

        void group(Class<?> mapping, String prefix, Object settings) {
            Arrays.stream(mapping.getMethods())
                    .filter(method -> Modifier.isAbstract(method.getModifiers()))
                    .sorted(Comparator.comparing(Method::getName))
                    .forEach(method -> setting(
                            prefix + "." + ConfigMapping.NamingStrategy.KEBAB_CASE.apply(method.getName()),
                            method.getAnnotatedReturnType(),
                            value(method, settings)));
            CheckedBy checked = mapping.getAnnotation(CheckedBy.class);
            if (checked != null) {
                check(checked, settings);
            }
        }

        void setting(String name, AnnotatedType type, Object value) {
            switch (value) {
                case OptionalInt given -> given.ifPresent(number -> one(name, type, number));
                case OptionalLong given -> given.ifPresent(number -> one(name, type, number));
                case OptionalDouble given -> given.ifPresent(number -> one(name, type, number));
                case Optional<?> given -> given.ifPresent(content -> setting(name, argument(type, 0), content));
                case Map<?, ?> map ->
                    map.forEach((key, content) -> setting(name + "." + key, argument(type, 1), content));
                case Collection<?> collection -> {
                    one(name, type, collection);
                    collection.forEach(element -> setting(name, argument(type, 0), element));
                }
                default -> {
                    if (type.getType() instanceof Class<?> group
                            && group.isInterface()
                            && group.getName().startsWith(OURS)) {
                        group(group, name, value);
                    } else {
                        one(name, type, value);
                    }
                }
            }
        }

        private void one(String name, AnnotatedType type, Object value) {
            Constraints.problem(type.getAnnotations(), value)
                    .ifPresent(problem -> problems.add(name, value.toString().strip(), problem));
        }

        private static AnnotatedType argument(AnnotatedType container, int index) {
            return ((AnnotatedParameterizedType) container).getAnnotatedActualTypeArguments()[index];
        }

        private static Object value(Method setting, Object settings) {
            try {
                setting.setAccessible(true); // the interfaces are package-private
                return setting.invoke(settings);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a setting that cannot be read: " + setting, e);
            }
        }

        @SuppressWarnings("unchecked") // An interface names rules of its own.
        private <S> void check(CheckedBy checked, S settings) {
            try {
                var constructor = checked.value().getDeclaredConstructor();
                constructor.setAccessible(true);
                ((SettingsRules<S>) constructor.newInstance()).check(settings, problems);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("rules that cannot be made: " + checked, e);
            }
        }
    }
}
