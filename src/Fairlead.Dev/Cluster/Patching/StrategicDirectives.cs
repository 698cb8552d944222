namespace Fairlead.Dev.Cluster.Patching;

/// <summary>Members of a strategic merge patch that steer the merge instead of setting a value.</summary>
internal static class StrategicDirectives
{
    public const string Patch = "$patch";
    public const string RetainKeys = "$retainKeys";
    public const string SetElementOrder = "$setElementOrder/";
    public const string DeleteFromPrimitiveList = "$deleteFromPrimitiveList/";
}
