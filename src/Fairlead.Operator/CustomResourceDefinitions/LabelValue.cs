namespace Fairlead.Operator.CustomResourceDefinitions;

/// <summary>What Kubernetes takes as the value of a label.</summary>
internal static class LabelValue
{
    public const int MaxLength = 63;

    public const string Pattern = "^(([a-zA-Z0-9][-._a-zA-Z0-9]*)?[a-zA-Z0-9])?$";
}
