namespace Fairlead.Operator.CustomResourceDefinitions;

/// <summary>A list whose elements are told apart by <paramref name="key"/>, so that several writers can each own some of them.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ListMapAttribute(string key) : Attribute
{
    public string Key { get; } = key;
}
