using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>A JSON number as validation sees it: whole numbers stay exact, others are doubles.</summary>
internal readonly struct JsonNumber
{
    private JsonNumber(BigInteger? whole, double value)
    {
        Whole = whole;
        Value = value;
    }

    /// <summary>The number when it has no fraction (<c>1</c>, <c>1.0</c> and <c>1e3</c> have none).</summary>
    public BigInteger? Whole { get; }

    public double Value { get; }

    public static bool TryRead(JsonNode? node, out JsonNumber number)
    {
        number = default;
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number)
            return false;
        var text = JsonText.Of(value);
        var real = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            number = new JsonNumber(whole, real);
        else
            number = new JsonNumber(double.IsFinite(real) && Math.Truncate(real) == real ? new BigInteger(real) : null, real);
        return true;
    }
}
