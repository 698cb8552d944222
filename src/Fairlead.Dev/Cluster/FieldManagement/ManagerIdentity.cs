namespace Fairlead.Dev.Cluster.FieldManagement;

/// <summary>
/// Who an entry of <c>managedFields</c> belongs to. Appliers are one manager whatever version they apply; updaters are told
/// apart by version (<see cref="ApiVersion"/> is empty for appliers).
/// </summary>
internal sealed record ManagerIdentity(string Manager, string Operation, string ApiVersion, string Subresource)
{
    public const string Apply = "Apply";
    public const string Update = "Update";

    public bool IsApply => Operation == Apply;

    public static ManagerIdentity Of(string manager, string operation, string apiVersion, string subresource) =>
        new(manager, operation, operation == Apply ? "" : apiVersion, subresource);

    /// <summary>As conflicts name it.</summary>
    public string Describe()
    {
        var text = Schemas.JsonText.Quote(Manager);
        if (Subresource.Length > 0)
            text += $" with subresource {Schemas.JsonText.Quote(Subresource)}";
        return IsApply ? text : $"{text} using {ApiVersion}";
    }
}
