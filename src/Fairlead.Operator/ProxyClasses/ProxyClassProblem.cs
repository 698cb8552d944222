namespace Fairlead.Operator.ProxyClasses;

public enum ProxyClassProblem
{
    /// <summary>No ProxyClass of that name exists.</summary>
    Missing,

    /// <summary>Nobody knows yet whether it exists: the ProxyClasses are not listed.</summary>
    Unknown,

    /// <summary>It exists and is not valid, or not checked yet.</summary>
    NotReady,
}
