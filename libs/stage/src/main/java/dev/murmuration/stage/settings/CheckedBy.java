package dev.murmuration.stage.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the rules of an interface of settings that no annotation of a single setting can express. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface CheckedBy {

    /** The rules; the class has a constructor without parameters. */
    Class<? extends SettingsRules<?>> value();
}
