namespace Fairlead.Operator.ProxyClasses;

public enum ProxyClassProblem
{
    /// <summary>No ProxyClass of that name exists.</summary>
    Missing,

    /// <summary>It exists and is not valid, or not checked yet.</summary>
    NotReady,
}
