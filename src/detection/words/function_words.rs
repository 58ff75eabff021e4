//! Words that say nothing about what a text is about, by language: function words, and what people write in any chat. They also
//! tell which language a text is in.

use rust_stemmers::Algorithm;
use std::collections::HashSet;
use std::sync::LazyLock;

/// A language with its stemmer.
pub(super) struct Language {
    algorithm: Algorithm,
    empty: HashSet<&'static str>,
}

impl Language {
    pub(super) fn new(algorithm: Algorithm, words: &'static str) -> Self {
        Self { algorithm, empty: words.split_whitespace().collect() }
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.empty.contains(word)
    }

    pub(super) const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

/// Those that the pre-filter reads, too; English first.
pub(super) static LANGUAGES: LazyLock<[Language; 5]> = LazyLock::new(|| {
    [
        Language::new(Algorithm::English, ENGLISH),
        Language::new(Algorithm::German, GERMAN),
        Language::new(Algorithm::French, FRENCH),
        Language::new(Algorithm::Spanish, SPANISH),
        Language::new(Algorithm::Portuguese, PORTUGUESE),
    ]
});

const ENGLISH: &str = "
    a an the this that these those there here it its itself i me my mine myself we us our ours ourselves you your yours yourself he him
    his himself she her hers herself they them their theirs themselves one ones who whom whose which what when where why how
    and or but nor so yet if then else than because since while until unless although though as of at by for with without about against
    between among into onto through during before after above below to from up down in out on off over under again further once
    am is are was were be been being have has had having do does did doing done will would shall should can could may might must ought
    cannot isn aren wasn weren don doesn didn won wouldn shan shouldn couldn mustn hasn haven hadn ain let lets
    not no nor none nothing nobody nowhere never neither either both all any each every few more most much many other others another some
    someone somebody something sometimes somewhere anyone anybody anything anyway anywhere everyone everybody everything everywhere such
    only own same too very just also even still already ever yet now soon later always often usually almost maybe perhaps probably really
    actually basically quite rather well good great nice fine better best bad worse worst new old first second third last next long short
    big small little lot lots bit kind sort thing things stuff way ways part parts case cases point points side end ends start starts
    started starting begin begins yes yeah yep nope okay ok hmm hey hi hello thanks thank thx please sorry sure right left true false
    today tomorrow yesterday tonight morning afternoon evening night day days week weeks weekend month months year years hour hours minute
    minutes second seconds time times moment monday tuesday wednesday thursday friday saturday sunday january february march april june july
    august september october november december get gets getting got gotten go goes going gone went come comes coming came make makes
    making made take takes taking took taken put puts putting give gives giving gave given keep keeps keeping kept see sees seeing saw seen
    look looks looking looked know knows knowing knew known think thinks thinking thought want wants wanting wanted need needs needing
    needed try tries trying tried use uses using used say says saying said tell tells telling told ask asks asking asked find finds
    finding found feel feels feeling felt seem seems seemed happen happens happening happened mean means meant like likes liked work works
    working worked help helps helping helped show shows showing showed shown back around away together instead per via two three four five
    six seven eight nine ten half whole enough less least ago twice whether however therefore etc team people person folks guys guy
    question questions answer answers reason reasons idea ideas problem problems issue issues stay stays stayed leave leaves change changes
    changed changing";

const GERMAN: &str = "
    der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner dieser diese dieses diesen diesem jeder jede
    jedes jeden ich mich mir mein meine meinen du dich dir dein deine er ihn ihm sein seine sie ihr ihre ihren ihnen es wir uns unser unsere
    unseren euch euer man sich wer wen wem was wann wo warum wieso wie welche welcher welches und oder aber denn doch sondern wenn falls weil
    dass ob als bis seit während bevor nachdem obwohl in im an am auf aus bei beim mit nach von vom zu zum zur über unter vor hinter neben
    zwischen für gegen ohne um durch bin bist ist sind seid war waren gewesen habe hast hat haben hatte hatten gehabt werde wird werden wurde
    wurden geworden kann kannst können konnte muss müssen musste soll sollen sollte will wollen wollte darf dürfen mag möchte nicht nein ja
    nichts nie niemand immer noch mal schon wieder auch nur sehr so dann da dort hier hin her jetzt heute morgen gestern bald später etwas
    viel viele mehr wenig alle alles andere anderen beide ganz gar eben halt eigentlich vielleicht wohl danke bitte gut besser neu neue alt
    erst erste letzte nächste tag tage woche wochen monat uhr zeit mal machen macht gemacht gehen geht ging gibt geben kommt kommen sagen
    gesagt sehen schauen wissen weiß immer team leute frage fragen";

const FRENCH: &str = "
    le la les un une des du de d l au aux ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs je tu il elle on
    nous vous ils elles me te se lui y en moi toi soi eux qui que quoi dont où quand comment pourquoi combien quel quelle quels quelles et ou
    mais donc or ni car si comme lorsque puisque parce dans sur sous avec sans pour par contre entre vers chez depuis pendant avant après
    jusque est suis es sommes êtes sont était étaient été être ai as a avons avez ont avait avaient eu avoir fais fait font faire faut peut
    peux pouvez peuvent pouvoir doit dois doivent devoir veux veut vouloir va vas vont aller ne pas plus moins jamais rien personne aucun
    aucune non oui bien mal très trop peu beaucoup tout tous toute toutes même autre autres encore déjà toujours aussi alors puis ensuite ici
    là maintenant aujourd hui demain hier bientôt merci bonjour salut svp bon bonne nouveau nouvelle premier dernière dernier prochain jour
    jours semaine semaines mois heure heures temps chose choses équipe gens question questions";

const SPANISH: &str = "
    el la los las un una unos unas lo al del de este esta estos estas ese esa esos esas aquel aquella mi mis tu tus su sus nuestro nuestra
    nuestros vuestro yo tú él ella ello nosotros vosotros ellos ellas usted ustedes me te se nos os le les quien quién que qué cual cuál
    cuando cuándo donde dónde como cómo porque cuanto y e o u pero sino aunque si mientras en con sin por para contra entre sobre bajo desde
    hasta hacia según soy eres es somos son era eran fue fueron sido ser estoy está estás están estaba estar he has ha hemos han había haber
    hay tengo tiene tienen tener hago hace hacen hacer puedo puede pueden poder debo debe deben quiero quiere voy va van ir no sí ni nunca
    nada nadie ningún ninguna algo alguien algún alguna todo toda todos todas otro otra otros mismo muy más menos mucho mucha muchos poco
    bien mal ya aún todavía siempre también tampoco solo entonces luego después antes aquí ahí allí ahora hoy mañana ayer pronto gracias hola
    favor bueno buena nuevo nueva primero último próximo día días semana semanas mes hora horas tiempo vez veces cosa cosas equipo gente
    pregunta";

const PORTUGUESE: &str = "
    o a os as um uma uns umas ao aos à às do da dos das no na nos nas pelo pela de em este esta estes estas esse essa isso isto aquele
    aquela meu minha meus teu tua seu sua seus nosso nossa nossos eu tu ele ela nós vós eles elas você vocês me te se lhe lhes quem que qual
    quais quando onde como porque quanto e ou mas porém se embora enquanto com sem por para contra entre sobre sob desde até sou és é somos
    são era eram foi foram sido ser estou está estão estava estar tenho tem têm tinha ter há haver faço faz fazem fazer posso pode podem
    poder devo deve devem quero quer vou vai vão ir não sim nem nunca nada ninguém nenhum nenhuma algo alguém algum alguma tudo todo toda
    todos todas outro outra outros mesmo muito muita muitos pouco mais menos bem mal já ainda sempre também só então depois antes aqui ali
    agora hoje amanhã ontem logo obrigado obrigada olá oi favor bom boa novo nova primeiro último próximo dia dias semana semanas mês hora
    horas tempo vez vezes coisa coisas equipe gente pergunta";
