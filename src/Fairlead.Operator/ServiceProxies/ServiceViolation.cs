namespace Fairlead.Operator.ServiceProxies;

/// <summary>One thing that is wrong with a Service.</summary>
/// <param name="Field">Path of the field to change, for example <c>metadata.annotations[tailscale.com/tags]</c>.</param>
/// <param name="Subject">The field as a condition's message calls it; empty where <paramref name="Text"/> says it.</param>
/// <param name="Text">What is wrong, and what to write instead.</param>
public sealed record ServiceViolation(string Field, string Subject, string Text)
{
    internal static ServiceViolation OfAnnotation(string key, string text) => new(PathOf(key), $"annotation {key}", text);

    /// <summary>Path of an annotation.</summary>
    public static string PathOf(string annotation) => $"metadata.annotations[{annotation}]";

    /// <summary>As it stands in a condition's message.</summary>
    public override string ToString() => Subject.Length == 0 ? Text : $"{Subject}: {Text}";
}
