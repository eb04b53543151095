"""Clauses with unknown words, wrong values, wrong units; clauses missing or written twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.resolve.arches import named_by_tasks
from tests.property.breaking import Broken, mutation
from tests.property.breaking.words import misspelt

if TYPE_CHECKING:
    from tests.property.breaking.anatomy import Anatomy


def samples(a: Anatomy, value: str) -> Broken | None:
    """The data clause with a number of samples."""
    call = a.clause("data").call
    named = [argument for argument in call.arguments if argument.name == "samples"]
    return None if named else a.argue(call, f"samples={value}")


@mutation("E401")
def an_unknown_kind_of_data(a: Anatomy) -> Broken:
    name = a.clause("data").call.function
    return a.replace(name.span, misspelt(name.id))


@mutation("E401")
def an_unknown_task(a: Anatomy) -> Broken:
    name = a.clause("task").call.function
    return a.replace(name.span, misspelt(name.id))


@mutation("E401")
def an_unknown_optimizer(a: Anatomy) -> Broken | None:
    return None if "  train " in a.text else a.state("train adamzzz(batch=3)")


@mutation("E402")
def an_unknown_key(a: Anatomy) -> Broken:
    return a.argue(a.clause(a.random.choice(("data", "task"))).call, "colour=3")


@mutation("E403", "E404")
def a_value_without_a_name_too_many(a: Anatomy) -> Broken:
    return a.argue(a.clause("data").call, ", ".join(["3"] * 9))


@mutation("E404")
def a_key_twice(a: Anatomy) -> Broken | None:
    return samples(a, "3, samples=4")


@mutation("E405")
def a_size_missing(a: Anatomy) -> Broken:
    call = a.clause("data").call
    return a.replace(call.span, f"{call.function.id}(samples=10)")


@mutation("E406")
def a_word_where_a_number_belongs(a: Anatomy) -> Broken | None:
    return samples(a, a.random.choice(("many", '"3"', "true", "1.5")))


@mutation("E406")
def a_word_that_is_not_offered_by_a_clause(a: Anatomy) -> Broken | None:
    return None if "augment=" in a.text else a.argue(a.clause("data").call, "augment=lots")


@mutation("E407")
def a_number_out_of_range(a: Anatomy) -> Broken | None:
    return samples(a, a.random.choice(("0", "-3")))


@mutation("E408")
def a_wrong_unit(a: Anatomy) -> Broken | None:
    return samples(a, a.random.choice(("3 GiB", "20 ms")))


@mutation("E409")
def a_choice_in_a_clause(a: Anatomy) -> Broken | None:
    return samples(a, a.random.choice(("(1 | 2)", "1 to 4", "relu -> tanh", "min(1, 2)")))


@mutation("E420")
def a_clause_twice(a: Anatomy) -> Broken | None:
    clause = a.clause(a.random.choice(("data", "task")))
    if clause.name is not None:  # a name that is bound twice (E207)
        return None
    return a.state(clause.span.text)


@mutation("E420")
def a_model_twice(a: Anatomy) -> Broken:
    return a.put(a.model.span.end, a.model.span.end, "\n  model = relu")


@mutation("E421")
def two_archs_of_a_name(a: Anatomy) -> Broken:
    end = a.arch.span.end
    return a.put(end, end, f"\narch {a.arch.name.id} {{ data table(3) model = relu }}")


@mutation("E423")
def data_left_out(a: Anatomy) -> Broken | None:
    if a.flowing != "x" or any(word in a.text for word in ("vocab)", "per=")):
        return None
    made = a.replace(a.clause("data").span, "")
    return made._replace(start=a.arch.span.start)


@mutation("E424")
def a_model_left_out(a: Anatomy) -> Broken:
    made = a.replace(a.model.span, "")
    return made._replace(start=a.arch.span.start)


@mutation("E430")
def a_requirement_that_no_model_meets(a: Anatomy) -> Broken:
    broken = ("params > 10^15", "params < 0", "depth > 10^6", "flops >= 10^17")
    return a.state(f"require {a.random.choice(broken)}")


@mutation("E226")
def a_requirement_of_the_wrong_dimension(a: Anatomy) -> Broken:
    return a.state(f"require {a.random.choice(('params <= 3 GiB', 'weights_size <= 30 ms'))}")


@mutation("E201")
def a_metric_misspelt(a: Anatomy) -> Broken:
    clauses = ("require parms <= 3", "minimize parmas", "maximize acuracy")
    return a.state(a.random.choice(clauses))


@mutation("E441")
def answers_for_what_the_data_has_not(a: Anatomy) -> Broken | None:
    task = a.clause("task")
    if "per=" in task.span.text or a.clause("data").call.function.id == "graph":
        return None
    return a.argue(task.call, f"per={a.random.choice(('node', 'graph'))}")


@mutation("E441")
def the_next_token_of_what_has_none(a: Anatomy) -> Broken | None:
    task = a.clause("task")
    named = any(word in a.text for word in (*named_by_tasks(), "tokens("))
    return None if named else a.replace(task.call.span, "next_token()")
