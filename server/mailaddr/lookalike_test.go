package mailaddr

import "testing"

// Pairs of domains that look alike (SECURITY.md T12): none equals the other.
var alike = [][2]string{
	{"раypal.com", "paypal.com"}, {"рaypal.com", "paypal.com"}, {"pаypаl.com", "paypal.com"}, {"paypa1.com", "paypal.com"}, {"paypaI.com", "paypal.com"},
	{"раура1.com", "paypal.com"}, {"аррӏе.com", "apple.com"}, {"аpple.com", "apple.com"}, {"applе.com", "apple.com"}, {"app1e.com", "apple.com"},
	{"gооgle.com", "google.com"}, {"goοgle.com", "google.com"}, {"g00gle.com", "google.com"}, {"gօօgle.com", "google.com"}, {"googIe.com", "google.com"},
	{"ɡoogle.com", "google.com"}, {"googlе.com", "google.com"}, {"mіcrosoft.com", "microsoft.com"}, {"rnicrosoft.com", "microsoft.com"}, {"microsоft.com", "microsoft.com"},
	{"micrοsοft.com", "microsoft.com"}, {"mıcrosoft.com", "microsoft.com"}, {"exаmple.org", "example.org"}, {"еxample.org", "example.org"}, {"ехаmрlе.org", "example.org"},
	{"exarnple.org", "example.org"}, {"examp1e.org", "example.org"}, {"exampIe.org", "example.org"}, {"εxample.org", "εxαmple.org"}, {"exαmple.org", "example.org"},
	{"twіtter.com", "twitter.com"}, {"tvvitter.com", "twitter.com"}, {"ԝikipedia.org", "wikipedia.org"}, {"wіkіреdіа.org", "wikipedia.org"}, {"wikipedіa.org", "wikipedia.org"},
	{"аmаzоn.com", "amazon.com"}, {"arnazon.com", "amazon.com"}, {"amazοn.com", "amazon.com"}, {"amazoո.com", "amazon.com"}, {"faсebook.com", "facebook.com"},
	{"faceвook.com", "facebook.com"}, {"facebοοk.com", "facebook.com"}, {"faceboοκ.com", "facebook.com"}, {"ѕkype.com", "skype.com"}, {"skуре.com", "skype.com"},
	{"yаhoo.com", "yahoo.com"}, {"уahoo.com", "yahoo.com"}, {"yah00.com", "yahoo.com"}, {"ԁropbox.com", "dropbox.com"}, {"drоpbох.com", "dropbox.com"},
	{"netfӏix.com", "netflix.com"}, {"netflіх.com", "netflix.com"}, {"ոetflix.com", "netflix.com"}, {"gіthub.com", "github.com"}, {"gitһub.com", "github.com"},
	{"githսb.com", "github.com"}, {"githυb.com", "github.com"}, {"ехample.ехample.org", "example.example.org"}, {"jіra.example.org", "jira.example.org"}, {"јira.example.org", "jira.example.org"},
	{"ѕс.example.org", "sc.example.org"}, {"bϋcher.de", "bücher.de"}, {"bücһer.de", "bücher.de"}, {"l0l.net", "lol.net"}, {"111.net", "lil.net"},
}

func TestAlike(t *testing.T) {
	for _, pair := range alike {
		one, other := domain(t, pair[0]), domain(t, pair[1])
		if one == other || Skeleton(one) != Skeleton(other) {
			t.Errorf("%s %s: %q %q, %q %q", pair[0], pair[1], one, other, Skeleton(one), Skeleton(other))
		}
	}
	first, err := Parse("anna@раypal.com")
	if err != nil || first.Canonical == "anna@paypal.com" || first.Domain() != "xn--ypal-43d9g.com" {
		t.Errorf("%+v %v", first, err)
	}
}

func TestNotAlike(t *testing.T) {
	for _, pair := range [][2]string{
		{"example.org", "example.com"}, {"example.org", "example.org.uk"}, {"bücher.de", "bucher.de"}, {"faß.de", "fass.de"}, {"anna.org", "hanna.org"},
		{"例え.jp", "例.jp"}, {"москва.com", "moscow.com"}, {"a.example.org", "example.org"}, {"ë.org", "e.org"}, {"й.org", "и.org"},
	} {
		if one, other := domain(t, pair[0]), domain(t, pair[1]); Skeleton(one) == Skeleton(other) {
			t.Errorf("%s %s: %q", one, other, Skeleton(one))
		}
	}
}

func TestMixesScripts(t *testing.T) {
	for text, mixes := range map[string]bool{
		"example.org": false, "bücher.example": false, "3com.com": false, "москва.com": false, "москва-24.com": false, "аррӏе.com": false, "ελλάδα.gr": false,
		"例え.jp": false, "東京タワーtokyo.jp": false, "中文abc.cn": false, "ㄅ中a.tw": false, "한국kr.kr": false, "ひらカタ漢.jp": false, "हिन्दी.example": false, "ไทย.example": false,
		"ёлка.example.org": false, "e\u0301a.example": false,
		"раypal.com": true, "gοοgle.com": true, "gօօgle.com": true, "www.exаmple.org": true, "αб.com": true, "한ひ.com": true, "ㄅひ.jp": true, "ไทยa.example": true, "中б.com": true,
	} {
		if got := MixesScripts(domain(t, text)); got != mixes {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func domain(t *testing.T, text string) string {
	t.Helper()
	ascii, err := ParseDomain(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return ascii
}
