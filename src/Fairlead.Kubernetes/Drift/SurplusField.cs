using System.Text.Json;

namespace Fairlead.Kubernetes.Drift;

/// <summary>A field nobody asked for.</summary>
/// <param name="Pointer">JSON pointer into the observed object.</param>
/// <param name="Pattern">The pointer with list positions replaced by <c>*</c>: what the same field of other objects is called.</param>
/// <param name="Desired">For a list of another length: the list to put in its place; null: remove the field.</param>
public sealed record SurplusField(string Pointer, string Pattern, JsonElement? Desired);
