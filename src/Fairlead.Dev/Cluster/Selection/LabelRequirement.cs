using System.Collections.Immutable;
using System.Globalization;

namespace Fairlead.Dev.Cluster.Selection;

/// <summary>One condition of a label selector.</summary>
internal sealed record LabelRequirement(string Key, LabelOperator Operator, ImmutableArray<string> Values)
{
    public bool Matches(ImmutableDictionary<string, string> labels)
    {
        var present = labels.TryGetValue(Key, out var value);
        return Operator switch
        {
            LabelOperator.Exists => present,
            LabelOperator.DoesNotExist => !present,
            LabelOperator.In => present && Values.Contains(value!),
            LabelOperator.NotIn => !present || !Values.Contains(value!),
            LabelOperator.GreaterThan => present && Compare(value!) > 0,
            _ => present && Compare(value!) < 0,
        };
    }

    /// <summary>Order of the label's number relative to the wanted one; 0 where the label is no number.</summary>
    private int Compare(string value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number.CompareTo(long.Parse(Values[0], CultureInfo.InvariantCulture))
            : 0;
}
