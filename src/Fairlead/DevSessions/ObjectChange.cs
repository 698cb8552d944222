using System.Text.Json.Nodes;

namespace Fairlead.DevSessions;

/// <summary>An object of the cluster before and after a change.</summary>
/// <param name="Before">Null when it was created.</param>
/// <param name="After">Null when it was deleted.</param>
/// <param name="Version">Orders changes of all types.</param>
internal sealed record ObjectChange(string Plural, JsonObject? Before, JsonObject? After, long Version)
{
    public JsonObject Latest => After ?? Before!;
}
