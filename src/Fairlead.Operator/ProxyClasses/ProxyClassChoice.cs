using Fairlead.Operator.Resources.ProxyClasses;

namespace Fairlead.Operator.ProxyClasses;

/// <summary>The ProxyClass a parent uses, as far as it can be used.</summary>
/// <param name="Name">Null: the parent uses no class.</param>
/// <param name="Problem">Why the parent must wait; null when it need not.</param>
public sealed record ProxyClassChoice(string? Name, ProxyClassProblem? Problem)
{
    /// <summary>The class, when it can be used; null otherwise.</summary>
    public ProxyClass? Class { get; init; }

    /// <summary>With <see cref="ProxyClassProblem.Unknown"/>: what keeps ProxyClasses from being listed; null while nothing does.</summary>
    public string? Obstacle { get; init; }

    public static readonly ProxyClassChoice None = new(null, null);
}
