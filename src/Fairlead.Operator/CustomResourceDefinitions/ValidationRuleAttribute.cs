namespace Fairlead.Operator.CustomResourceDefinitions;

/// <summary>A CEL expression over <c>self</c> that must hold, and what the API server says when it does not.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class, AllowMultiple = true)]
public sealed class ValidationRuleAttribute(string rule, string message) : Attribute
{
    public string Rule { get; } = rule;

    public string Message { get; } = message;
}
