"""Where the decision tree forks. Those that principles share are held to them by a test."""

FEW_STEPS = 100  # up to which recurrence learns well (P105)
MANY_TOKENS = 4_000  # above which attention has to be windowed (P106)
ATTENTION_SAMPLES = 100_000  # from which attention learns without pretraining (P107)
FEW_SERIES = 10_000  # below which a few convolutions learn short series better than recurrence
TRANSFORMER_PICTURES = 10_000_000  # from which a vision transformer overtakes convolution
LINEAR_ROWS = 1_000  # tables below it are for linear models (P201)
SMALL_ROWS = 100_000  # tables up to it are for MLPs of two or three layers (P201)
LARGE_GRAPH = 100_000  # nodes above which a graph is trained on by samples of neighbours

HELD = 10.0  # parameters a sample that decay and dropout hold back; above, P501 warns
LARGEST_LINE = 10_000_000  # weights of a line over a window to forecast from
TOKEN = 1.0  # the same, of a language model and a token
ROOM = 0.1  # parameters a sample up to which a design grows beyond its usual size
SHIFT = 10  # by which strong augmentation moves the latter
BESIDE = 0.5  # part of the parameters that one of several inputs is read by, at most
AS_LARGE = 2  # times the parameters of another that are much the same

USUAL_MEMORY = 16e9  # bytes of a common card, for training where nobody says what there is
WAIT = 0.1  # seconds that a person takes for at once (Miller 1968, Card et al. 1991)
