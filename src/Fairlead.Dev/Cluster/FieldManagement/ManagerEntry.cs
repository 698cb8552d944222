namespace Fairlead.Dev.Cluster.FieldManagement;

/// <param name="Fields">What the manager owns.</param>
/// <param name="ApiVersion">Version the fields are spelled in.</param>
/// <param name="Time">When it last took a field, as on the wire; null when it never did.</param>
internal sealed record ManagerEntry(FieldSet Fields, string ApiVersion, string? Time);
