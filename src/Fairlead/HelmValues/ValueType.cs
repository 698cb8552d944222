namespace Fairlead.HelmValues;

/// <summary>What a key of the chart's values takes.</summary>
internal enum ValueType
{
    Text,
    Flag,

    /// <summary>A list of texts.</summary>
    TextList,

    /// <summary>A list of whatever Kubernetes takes there.</summary>
    List,

    /// <summary>A mapping of whatever Kubernetes takes there.</summary>
    Map,
}
