namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>One violation, as it appears in <c>details.causes</c> of a 422 Status.</summary>
/// <param name="Type">Which rule was broken.</param>
/// <param name="Field">Path such as <c>spec.ports[0].port</c>.</param>
/// <param name="Detail">Text that says what is wrong, without path.</param>
/// <param name="Value">The offending value as JSON text; null where there is none or it must not be shown.</param>
public sealed record FieldError(FieldErrorType Type, string Field, string Detail, string? Value = null);
