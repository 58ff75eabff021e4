//! Common given names of many languages. Not every name that people have: one sign among several (see the parent).
//!
//! Left out are those that are also words of the work: `art`, `bill`, `mark`, `max`, `page`, `will`.

use std::collections::HashSet;
use std::sync::LazyLock;

pub(super) static GIVEN_NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| NAMES.split_whitespace().collect());

const NAMES: &str = "
    aaron abdul abigail abraham ada adam adrian ahmed aisha akira alan albert alejandro aleksandr alessandro alessia alex alexander
    alexandra alexandre alexis alfred ali alice alicia alina alison allan amanda amelia amina amir amit amy ana anastasia andre andrea
    andreas andrei andrew andrey andré andy angela angelo anil anita anja ann anna annabel anne annette annika anthony antoine anton
    antonia antonio anya arjun arne arnold arthur arun asha ashley astrid axel ayesha barbara bart bastian bastien beate beatrice ben
    benedikt benjamin bernard bernd bernhard beth bettina bianca birgit bjorn björn bogdan boris brandon brenda brian bruno bryan camila
    camille carina carl carla carlo carlos carmen carol carolina caroline cassie catherine cecilia cedric celine chandra charles charlie
    charlotte chen chiara chloe chris christa christina christine christoph christophe christopher cindy claire clara clare claudia claudio
    colin connor cristina curtis cynthia daisy dan dana daniel daniela daniele daniil danny daria david dawid debbie deborah deepak denis
    deniz dennis derek diana diego dieter dimitri dirk dmitri dmitry dominic dominik dominique donald donna doris dorothea douglas duncan
    dylan eduardo edward eileen elena eleonora eli elias elif elin elisa elisabeth elizabeth ella ellen elsa emeka emil emilia emilie emily
    emma enrico eric erica erik erika ernst ethan eugen eva evelyn fabian fabio fatima federico felipe felix fernando filip fiona florian
    frances francesca francesco francisco franz fred frederic frederik freya friedrich gabriel gabriela gareth gary gavin george georg
    gerald gerhard gianni gilbert giles gina giorgio giovanni giulia giuseppe gloria goran gordon graham greg gregor greta guido guillaume
    gunnar gustav hana hanna hannah hans harald haruto hassan heather hector heidi heike heinz helen helena helene helmut hendrik henri
    henrik henry hiroshi holger hugo ian ibrahim igor ilona ines ingrid irene irina isaac isabel isabella ivan ivo jacob jacqueline jacques
    jakob jakub james jamie jan jana jane janet janina jasmin jason javier jean jeff jennifer jens jeremy jerome jessica jill jim jimmy
    joachim joan joana joanna joao joel johan johann johanna johannes john jonas jonathan jordan jorge jorg jose josef joseph josh joshua
    josé juan judith julia julian juliana julie julien juliette julius jun jung justin justyna jörg jürgen kaori karen karim karin karl
    karolina karsten katarina kate katharina katherine kathleen kathrin katie katja kay keith kelly ken kenji kenneth kerstin kevin khalid
    kim kirsten klaus konrad kristen kristian kristin kristina kumar kurt kyle lara larry lars laura lauren laurent lea leah lena leo leon
    leonard leonardo leonie lewis liam lidia lili lily lina linda lindsay lisa liu livia lorenz lorenzo louis louise luca lucas lucia lucie
    lucy luigi luis luisa lukas luke lydia lynn maciej madeleine magda magdalena magnus maja malik manfred manuel manuela marc marcel marcin
    marco marcos marcus margaret margarita maria mariam marianne marie marina mario marion marius marko markus marlene marta martha martin
    martina mary mateo mateusz mathias mathieu mathilde matilda matteo matthew matthias matthieu maurice mauro maximilian maya mehmet
    melanie melissa michael michaela michal michel michele michelle miguel mika mike mikhail mila milan milena ming mira mirjam mohamed
    mohammad mohammed monica monika moritz muhammad murat mustafa nadia nadine nancy naomi natalia natalie natasha nathalie nathan neha neil
    nicholas nico nicola nicolas nicole niels niklas nikita nikolai nils nina noah noemi nora norbert olaf oleg olga oliver olivia olivier
    omar oscar oskar otto owen pablo paolo pascal patricia patrick patrik paul paula pavel pawel pedro peggy peter petra phil philip philipp
    philippe pia pierre pietro piotr priya rachel rafael rahul raj rajesh ralf ralph ramon raphael raul ravi raymond rebecca regina reinhard
    renata rene rené ricardo richard rita robert roberta roberto rodrigo roger roland roman romain ron ronald rosa rosie ross roxana ruben
    rudolf rui rupert russell ruth ryan sabine sabrina said salma sam samantha samir samuel sandra sandro sanjay santiago sara sarah sasha
    scott sean sebastian sebastien sergei sergey sergio shane sharon sheila shirley silke silvia simon simona simone sofia sofie sonia sonja
    sophia sophie stefan stefania stefanie stefano steffen stella stephan stephane stephanie stephen steve steven stewart stuart sunil
    susan susanna susanne suzanne sven svetlana sylvia sylvie tamara tania tanja tara tatiana ted teresa thea theo theresa thierry thomas
    thorsten tiago till tilo tim timo timothy tina tobias todd tom tomas tomasz tommy toni tony torsten tracy tristan udo ulf uli ulrich
    ulrike ursula ute uwe valentin valentina valeria vanessa vera veronica veronika victoria viktor vijay vincent viola virginia vitor
    vivian vladimir volker walter wanda wang wei wendy werner wilhelm william willy wolfgang xavier yan yann yara yasmin yu yuki yulia yuri
    yusuf yves yvonne zara zhang zoe zofia zoltan";
