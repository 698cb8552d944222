namespace Fairlead.Dev.Cluster.Resources;

/// <summary>A column of <c>kubectl get</c>.</summary>
/// <param name="Name">Heading.</param>
/// <param name="Type"><c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c> or <c>date</c>.</param>
/// <param name="JsonPath">JSONPath of the value; null when <paramref name="Render"/> gives it.</param>
/// <param name="Priority">0 is always shown, higher only with <c>-o wide</c>.</param>
/// <param name="Render">Computes the cell from the object and the current time.</param>
public sealed record PrinterColumn(
    string Name,
    string Type,
    string? JsonPath,
    int Priority = 0,
    string? Description = null,
    Func<System.Text.Json.Nodes.JsonObject, DateTimeOffset, string>? Render = null);
