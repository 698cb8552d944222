using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.Proxies;
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

    /// <summary>How often it is looked at whether ProxyClasses are listed by now. One that does not exist announces itself by nothing.</summary>
    internal static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(2);

    private string Lookup => $"ProxyClass \"{Name}\" cannot be looked up";

    /// <summary>Why the parent must wait, and what to do about it.</summary>
    /// <param name="field">Where the parent names the class.</param>
    public string Explanation(string field) => Problem switch
    {
        ProxyClassProblem.Missing => $"ProxyClass \"{Name}\" does not exist; create it, or change {field}",
        ProxyClassProblem.NotReady => $"waiting for ProxyClass \"{Name}\" to become ready; see its conditions",
        ProxyClassProblem.Unknown => $"{Lookup}: {Obstacle}",
        _ => "",
    };

    /// <summary>With <see cref="ProxyClassProblem.Unknown"/>: the explanation, with the words known where the obstacle is the same.</summary>
    /// <param name="known">The condition that tells it as it is.</param>
    internal string SettledExplanation(Condition? known, string reason) => FailureText.Settle(known, reason, Explanation(""), Lookup);
}
