package io.faultline.itest;

import io.faultline.exam.PaxExamTest;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** A test class in the container whose tests clear up what they brought. */
@PaxExamTest
abstract class InScene {
    Scene scene;

    @BeforeEach
    void enter(BundleContext context) {
        scene = new Scene(context);
    }

    @AfterEach
    void leave() throws BundleException, IOException {
        scene.close();
    }
}
