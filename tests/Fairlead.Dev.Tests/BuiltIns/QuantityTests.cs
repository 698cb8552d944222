using System.Text.Json.Nodes;

namespace Fairlead.Dev.Tests.BuiltIns;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("\"0.5\"", "500m")]
    [InlineData("0.1", "100m")]
    [InlineData("\"1024Mi\"", "1Gi")]
    [InlineData("\"1000m\"", "1")]
    [InlineData("\"1.5Gi\"", "1536Mi")]
    [InlineData("\"1000Ki\"", "1000Ki")]
    [InlineData("\"0.0001\"", "1m")]
    [InlineData("\"12e3\"", "12e3")]
    [InlineData("\"1500\"", "1500")]
    [InlineData("\"1000000\"", "1M")]
    [InlineData("\"+2\"", "2")]
    [InlineData("\"0\"", "0")]
    public void Quantities_are_stored_in_canonical_form(string written, string stored)
    {
        var claim = new Manifests().Created(Claim("\"1\"", written));
        Assert.Equal(stored, (string?)claim["spec"]!["resources"]!["limits"]!["storage"]);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("1.2.3")]
    [InlineData("1KiB")]
    [InlineData("")]
    public void Other_text_is_no_quantity(string text)
    {
        var errors = new Manifests().Errors(Claim("\"1\"", $"\"{text}\""));
        Assert.Contains(errors, e => e.Field == "spec.resources.limits[storage]" && e.Detail.StartsWith("quantities must match", StringComparison.Ordinal));
    }

    private static JsonObject Claim(string request, string limit) => Manifests.Parse(
        "v1", "PersistentVolumeClaim",
        $$$$$"""
        "spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":{{{{{request}}}}}},"limits":{"storage":{{{{{limit}}}}}}}}
        """);
}
