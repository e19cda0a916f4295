"""The sample class of lesson 2: what is typical of arguments that travel."""

from grader.demo.students import Edit, Student

_ADAM = "optimizer=keras.optimizers.Adam(learning_rate=0.00015)"

STUDENTS = (
    Student("ada_finished"),
    Student(
        "eva_forgot_training",
        (
            Edit("identity_block", "(X, training=training)", "(X)"),
            Edit("ResNet50", ",\n                            training=training)", ")"),
        ),
    ),
    Student(
        "finn_own_seed",
        (Edit("convolutional_block", "initializer(seed=0)", "initializer(seed=1)"),),
    ),
    Student(
        "gwen_adam_by_name",
        (
            Edit("compile_and_fit", _ADAM, 'optimizer="adam"'),
            Edit("compile_and_fit", "batch_size=batch_size", "batch_size=64"),
        ),
    ),
)
