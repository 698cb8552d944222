namespace Fairlead.Dev.Cel;

/// <summary>Why an evaluation gave no value.</summary>
public enum CelErrorReason
{
    NoSuchField,
    NoSuchOverload,
    NoSuchVariable,
    DivideByZero,
    Overflow,
    IndexOutOfRange,
    InvalidArgument,
    BudgetExceeded,
}
